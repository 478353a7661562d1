"""What the rooms below, which know no Qt, say in English and the window shows in its language.

Nothing imports this: it is here for the translations, which are gathered from this folder.
"""

from labeller.window.kit.language import mark

STAGES = (
    mark("Unpacking"), mark("Reading images"), mark("Drawing the demo images"), mark("Training"),
    mark("Evaluating"), mark("Reading features"), mark("Selecting"),
    mark("Memory is short: going on with smaller batches"),
)  # fmt: skip
LOSSES = (mark("classification"), mark("contrastive"))
FORMATS = (
    mark("CSV table"), mark("Folders named by class"),
    mark("Trained model (safetensors)"),
)  # fmt: skip
