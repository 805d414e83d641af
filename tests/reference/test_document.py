import json
import time
import tomllib
from pathlib import Path

import jsonschema
import pytest

import posecoach
from posecoach.errors import SequenceError
from posecoach.reference.document import json_schema, parse_doc
from posecoach.reference.library import get_shipped_folder

PUBLISHED = Path(posecoach.__file__).parent / "sequence.schema.json"
LEAST = 'schema = "posecoach.sequence/1"\nid = "x"\n'


def test_the_published_schema_is_the_document_s_own():
    """To write it again: json.dumps(json_schema(), indent=2) and a line end."""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema()


def test_shipped_forms_fit_the_schema():
    forms = list(get_shipped_folder().glob("*/sequence.toml"))
    assert forms
    for path in forms:
        jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    "more",
    [
        "",
        "future = 1",
        'breath = "in"',
        'view = "above"',
        'joints = "left_knee"',
        "[tolerances]\nlateral_lean = 'wide'",
        "[[phases]]\nid = 'a'\nstart_s = 0\nend_s = 1",
        "[[phases]]\nid = 'a'\nstart_s = -1\nend_s = 1",
        "[[phases]]\nid = 'a'\nstart_s = 0\nend_s = 1\nbreath = 'hold'",
        "[[takes]]\nwidth = 640",
        "[[takes]]\nwidth = 640\nheight = 480\nbridged = [[1.0, 1.4]]",
        "[[takes]]\nwidth = 640\nheight = 480\nbridged = [[1.0, 1.4, 2.0]]",
    ],
)
def test_schema_and_reader_agree(more):
    text = LEAST + more
    sound = not list(
        jsonschema.Draft202012Validator(json_schema()).iter_errors(tomllib.loads(text))
    )
    try:
        parse_doc(text.encode(), "x")
    except SequenceError:
        assert not sound
    else:
        assert sound


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1", None),
        ("1.0", None),
        ("1.23", None),
        ("2", "update posecoach"),
        ("2.1", "update posecoach"),
        ("1.", "Expected schema"),
        ("1.x", "Expected schema"),
        ("0", "Expected schema"),
        ("1\\n", "Expected schema"),
        ("", "Expected schema"),
    ],
)
def test_versions(version, told):
    text = LEAST.replace("sequence/1", f"sequence/{version}")
    if told is None:
        assert parse_doc(text.encode(), "x").id == "x"
        return
    with pytest.raises(SequenceError, match=told) as error:
        parse_doc(text.encode(), "x")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 400_000 + "a = 1",
        '"a\\""."b".' * 80_000 + "a = 1",
        "'x y' . " * 100_000 + "a = 1",
        "[" + "a." * 400_000 + "a]",
        "a = '''" + "one. two." * 100_000,
        "a" * 900_000,
        '"' * 900_000,
    ],
)
def test_a_text_that_would_take_minutes_is_refused_at_once(text):
    start = time.perf_counter()
    with pytest.raises(SequenceError, match="Expected TOML"):
        parse_doc(text.encode(), "x")
    assert time.perf_counter() - start < 2.0


def test_the_page_on_the_format_names_every_field():
    page = Path(__file__).parents[2] / "docs" / "sequence-format.md"
    text = page.read_text(encoding="utf-8")
    schema = json_schema()
    for part in (schema, *schema["$defs"].values()):
        for field in part["properties"]:
            assert f"`{field}`" in text, field
    example = text[text.index("```toml") + 7 :]
    doc = parse_doc(example[: example.index("```")].encode(), "the page's example")
    assert doc.phases[0].title == {"en": "Raise"}
