"""English texts of the layers below, which know no Qt, for the translators.

Nothing imports this file: texts to translate are gathered from this folder.
"""

from labeller.window.kit.language import mark

STAGES = (
    mark("Unpacking"), mark("Extracting pages"), mark("Writing"),
    mark("Reading images"), mark("Drawing the demo images"), mark("Training"),
    mark("Evaluating"), mark("Reading features"), mark("Selecting"),
    mark("Comparing"), mark("Comparing views"), mark("Predicting"), mark("Looking for images"),
    mark("Out of memory: continuing with smaller batches"),
)  # fmt: skip
LOSSES = (
    mark("classification"), mark("contrastive"), mark("consistency"), mark("self-supervised"),
)  # fmt: skip
FORMATS = (
    mark("CSV table"), mark("CSV table for Excel"), mark("CSV table, unescaped"),
    mark("Tab-separated table"), mark("JSON Lines"), mark("Folders named by class"),
    mark("Hugging Face folder"), mark("Parquet table"), mark("Label Studio tasks"),
    mark("CVAT, ImageNet 1.0"), mark("Datumaro"), mark("FiftyOne classification"),
    mark("COCO JSON"), mark("labelme flags"), mark("WebDataset shards"),
    mark("CIFAR Python files"), mark("NumPy archive"), mark("Trained model (safetensors)"),
    mark("Trained model (ONNX)"), mark("Trained model (torch.export)"),
)  # fmt: skip
CHOICES = (
    mark("Weighted CoreSet: images far from those labelled, unsure and typical"),
    mark("CoreSet: images that differ most from those labelled; with few labels worse than chance"),
    mark("Frozen encoder: knows photos from the start, learns in seconds"),
    mark("CDAL: images whose classes the model confuses in other ways than before"),
    mark("UncertainGCN: images that a graph network is unsure are labelled"),
    mark("CoreGCN: CoreSet on the features of a graph network"),
    mark("Frozen encoder with an adapter: learns from unlabelled images too, in ten seconds"),
    mark("Frozen encoder with MixMatch: learns from mixtures of images, as CSAL does"),
    mark("MoBYv2AL: trains a whole network, as the paper does"),
    mark("Learning Loss: images for which a companion module predicts a high loss"),
    mark("VAAL: images that a discriminator tells from the labelled ones"),
    mark("CSAL: images whose classes change with the view"),
    mark("EfficientNet-Lite0: knows ImageNet's photos; for any computer"),
    mark("Random: a fair sample, to compare with or to measure by"),
    mark("BALD: predictions that disagree when random features are dropped"),
    mark("MC Dropout: high entropy when random features are dropped"),
    mark("DropQuery: typical images whose class changes when features are dropped"),
    mark("ProbCover: images around which most of the pool lies; for few labels"),
    mark("TypiClust: typical images of clusters without labels; for few labels"),
    mark("BADGE: images that would change the model most, and differently"),
    mark("Cluster-margin: unsure images, spread over clusters"),
    mark("Least confidence: images whose likeliest class is unlikely"),
    mark("Entropy: images with many likely classes, each by itself"),
    mark("Margin: images with two likely classes, each by itself"),
    mark("ResNet, small: for computers without a GPU"),
    mark("ResNet-18: the paper's second network; needs a GPU"),
    mark("VGG-16: the paper's network for CIFAR-10; needs a GPU"),
    mark("Wide ResNet 28-2: small images; needs a GPU"),
    mark("Wide ResNet 28-10: the largest; needs a large GPU"),
    mark("Quick: under a minute for small pools, grows slowly"),
    mark("Thorough: six times as long; worth it from a few hundred labels on"),
    mark("Paper: 200 epochs as published; hours without a GPU"),
    mark("MoBYv2: the paper's method; queues of keys, a weak and a strong view"),
    mark("MoBY: queues of keys, two strong views, larger heads"),
    mark("MoCo v2: one view is compared with the other and a queue of keys"),
    mark("BYOL: each view predicts a slower copy's output for the other"),
    mark("SimSiam: each view predicts the other; no negatives, no slower copy"),
    mark("SimCLR: the other images of the batch are the negatives"),
    mark("DINO: each view predicts a slower, sharper copy's output for the other"),
    mark("Fastest available"),
    mark("Processor"),
    mark("NVIDIA GPU"),
    mark("Apple GPU"),
)
"""Descriptions in the registries (`labeller.loop.method.choices`)."""
NEEDS = (
    mark("Needs nothing."), mark("Needs a trained model."),
    mark("Needs a trained model; features are dropped, so the network needs no dropout."),
    mark("Needs a trained model, ideally one trained by the learner MixMatch."),
    mark("Needs a model trained with this strategy, which has its companion module."),
    mark("Needs a trained model; trains small networks of its own during selection."),
)  # fmt: skip
"""What strategies need (`labeller.selection.strategies`)."""
KINDS = (
    mark("strategy"), mark("learner"), mark("encoder"), mark("recipe"), mark("device"),
    mark("self-supervised method"), mark("protocol"), mark("table"),
)  # fmt: skip
"""Kinds of things that can be unknown (`labeller.core.errors.require_known`)."""
