"""Qt windows: choosing a form, practising, the summary.

Begin with `posecoach.app.kit.qt`: it needs no Qt to be imported and says in one line what is
missing.
"""
