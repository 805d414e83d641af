"""Qt windows: choosing a form, practising, the summary.

Begin with `posecoach.app.qt`: it needs no Qt to be imported and says in one line what is missing.
"""
