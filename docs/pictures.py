"""Make the README's pictures from the sample clips, through the real model and the real windows.

QT_QPA_PLATFORM=offscreen .venv/bin/python docs/pictures.py
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2

from posecoach.analysis import Analysis, Analyzer
from posecoach.app.kit.look import StyledWindow
from posecoach.app.kit.qt import discard, make_application
from posecoach.app.summary.pages import SummaryPage, make_summary
from posecoach.capture.video import VideoFile
from posecoach.overlay import Renderer
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.run import observe
from posecoach.reference.library import open_form

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
FORM = "two-hands-hold-up-the-heavens"
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 86]


def take_picture(clip: str, time_s: float, language: str, name: str) -> Analysis:
    """Write the annotated picture of a clip at a time; return the whole analysis."""
    sequence = open_form(FORM)
    analyzer, renderer = Analyzer(sequence, language), Renderer(sequence, language)
    taken = False
    with (
        VideoFile(SAMPLES / f"{clip}.mp4") as video,
        MediaPipeEstimator(ensure_model()) as estimator,
    ):
        for frame, observation in observe(video, estimator):
            state = analyzer.step(observation)
            if not taken and frame.time_s >= time_s:
                picture = cv2.resize(frame.image, (960, 960 * video.height // video.width))
                cv2.imwrite(str(HERE / name), renderer.draw(picture, state), QUALITY)
                taken = True
    return analyzer.finish(clip)


def main() -> None:
    """Write all pictures."""
    take_picture("heavens-lean-left-emma", 5.0, "en", "practice-en.jpg")
    analysis = take_picture("heavens-left-late-ben", 14.6, "de", "practice-de.jpg")
    application = make_application()
    window, page = StyledWindow(), SummaryPage()
    window.setCentralWidget(page)
    summary = make_summary(analysis, open_form(FORM), "de", practised_s=150.0)
    page.show_summary(summary, "de", can_repeat=True)
    window.resize(1366, 768)
    window.show()
    application.processEvents()
    window.grab().save(str(HERE / "summary-de.jpg"), "JPG", 86)
    discard(window)


if __name__ == "__main__":
    main()
