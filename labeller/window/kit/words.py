"""What the rooms below, which know no Qt, say in English and the window shows in its language.

Nothing imports this: it is here for the translations, which are gathered from this folder.
"""

from labeller.window.kit.language import mark

STAGES = (
    mark("Unpacking"), mark("Taking pages apart"), mark("Writing"),
    mark("Reading images"), mark("Drawing the demo images"), mark("Training"),
    mark("Evaluating"), mark("Reading features"), mark("Selecting"),
    mark("Comparing"), mark("Comparing views"), mark("Predicting"), mark("Looking for images"),
    mark("Memory is short: going on with smaller batches"),
)  # fmt: skip
LOSSES = (
    mark("classification"), mark("contrastive"), mark("consistency"), mark("self-supervised"),
)  # fmt: skip
FORMATS = (
    mark("CSV table"), mark("CSV table for Excel"), mark("CSV table, cells as they are"),
    mark("Table separated by tabs"), mark("JSON Lines"), mark("Folders named by class"),
    mark("Folder for Hugging Face"), mark("Parquet table"), mark("Label Studio tasks"),
    mark("CVAT, ImageNet 1.0"), mark("Datumaro"), mark("FiftyOne classification"),
    mark("COCO JSON"), mark("labelme flags"), mark("WebDataset shards"),
    mark("CIFAR's python files"), mark("NumPy archive"), mark("Trained model (safetensors)"),
    mark("Trained model (ONNX)"), mark("Trained model (torch.export)"),
)  # fmt: skip
CHOICES = (
    mark("Weighted CoreSet: images far from those labelled, unsure and typical"),
    mark("CoreSet: images that differ most from those labelled; with few labels worse than chance"),
    mark("Frozen encoder: knows photos from the start, learns in seconds"),
    mark("CDAL: images whose classes the model mixes in other ways than those chosen"),
    mark("UncertainGCN: a graph network learns what is labelled; doubtful images"),
    mark("CoreGCN: CoreSet on what a graph network makes of the images"),
    mark("Frozen encoder with an adapter: learns from unlabelled images too, in ten seconds"),
    mark("Frozen encoder with MixMatch: learns from mixtures of images, as CSAL does"),
    mark("MoBYv2AL: trains a whole network, as the paper does"),
    mark("Learning Loss: images on which a module that learns along expects a high loss"),
    mark("VAAL: images that a discriminator tells apart from the labelled ones"),
    mark("CSAL: images whose classes change with the view"),
    mark("EfficientNet-Lite0: knows ImageNet's photos; for any computer"),
    mark("Random: a fair sample, to compare with or to measure by"),
    mark("BALD: images of which answers with features left out disagree"),
    mark("MC Dropout: entropy over answers with features left out"),
    mark("DropQuery: images of which the model changes its mind, at centres"),
    mark("ProbCover: images around which most of the pool lies; for few labels"),
    mark("TypiClust: typical images of clusters without labels; for few labels"),
    mark("BADGE: images that would change the model most, and differently"),
    mark("Cluster-margin: unsure images, spread over clusters"),
    mark("Least confidence: images whose likeliest class is unlikely"),
    mark("Entropy: images with many likely classes, each by itself"),
    mark("Margin: images with two likely classes, each by itself"),
    mark("ResNet, small: for computers without a GPU"),
    mark("ResNet-18: the paper's second network; wants a GPU"),
    mark("VGG-16: the paper's network for CIFAR-10; wants a GPU"),
    mark("Wide ResNet 28-2: small images, wants a GPU"),
    mark("Wide ResNet 28-10: the largest; wants a large GPU"),
    mark("Quick: under a minute for small pools, grows slowly"),
    mark("Thorough: six times as long; worth it from some hundred labels on"),
    mark("Paper: 200 epochs as published; hours without a GPU"),
    mark("MoBYv2: the paper's method; queues of keys, a weak and a strong view"),
    mark("MoBY: queues of keys, two strong views, larger heads"),
    mark("MoCo v2: one view is compared with the other and a queue of keys"),
    mark("BYOL: each view predicts what a slower copy makes of the other"),
    mark("SimSiam: each view predicts the other; no negatives, no slower copy"),
    mark("SimCLR: the other images of the batch are the negatives"),
    mark("DINO: each view says what a slower, sharper copy says of the other"),
    mark("The fastest that is there"),
    mark("Processor"),
    mark("NVIDIA GPU"),
    mark("Apple GPU"),
)
"""The lines about them in the registries (`labeller.loop.method.choices`)."""
NEEDS = (
    mark("Needs nothing."), mark("Needs a trained model."),
    mark("Needs a trained model; features are left out, so it needs no dropout of its own."),
    mark("Needs a trained model, best one that the learner MixMatch has trained."),
    mark("Needs a model that was trained with it: a module learns along."),
    mark("Needs a trained model; trains small networks of its own while it chooses."),
)  # fmt: skip
"""What strategies need (`labeller.selection.strategies`)."""
KINDS = (
    mark("strategy"), mark("learner"), mark("encoder"), mark("recipe"), mark("device"),
    mark("self-supervised method"), mark("protocol"), mark("table"),
)  # fmt: skip
"""Of what is unknown (`labeller.core.errors.require_known`)."""
