"""The language of the window: its texts, and errors of the layers below, go through Qt's
translations.

`make translations` gathers the texts into `resources/labeller_resources/translations/*.ts` for
Qt Linguist and compiles what has been translated. English needs a file too, for its plurals.
"""

from importlib.resources import as_file, files

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from labeller.core.errors import LabellerError, Remark, Word, unforeseen
from labeller.window.kit.preferences import settings

LANGUAGES = {"en": "English", "de": "Deutsch"}
SYSTEM = "system"


def tr(text: str, comment: str | None = None, n: int = -1) -> str:
    """Translate a text.

    Args:
        comment: says to translators what is meant, where a text alone would not.
        n: stands for `%n`, and chooses between singular and plural.
    """
    return QCoreApplication.translate("", text, comment, n)


def mark(text: str) -> str:
    """Mark a text for translation where it is declared; `tr` translates it later."""
    return text


def chosen_language() -> str:
    """`system`, or one of `LANGUAGES`."""
    name = str(settings().value("language", SYSTEM))
    return name if name in LANGUAGES else SYSTEM


def choose_language(name: str) -> None:
    """Set the language from the next start on."""
    settings().setValue("language", name)


def speak(name: str | None = None) -> None:
    """Load the translations of a language (None: the chosen one), or English."""
    name = name or chosen_language()
    if name == SYSTEM:
        name = QLocale.system().name().split("_")[0]
    name = name if name in LANGUAGES else "en"
    application = QCoreApplication.instance()
    assert application is not None
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    ours, of_qt = QTranslator(application), QTranslator(application)
    with as_file(files("labeller_resources").joinpath("translations", f"{name}.qm")) as compiled:
        ours.load(str(compiled))
    of_qt.load(f"qtbase_{name}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (of_qt, ours):
        application.installTranslator(translator)
    QLocale.setDefault(QLocale(name))


def spoken(error: BaseException) -> str:
    """The sentence of an error, also of an unforeseen one."""
    known = unforeseen(error)
    if not known.values:
        return tr(known.message) if known.message else ""
    return tr(known.message).format(**{name: _said(value) for name, value in known.values.items()})


def remark_in_words(remark: Remark) -> str:
    """The sentence of a remark."""
    return tr(remark.message).format(**dict(remark.values)) if remark.values else tr(remark.message)


def _said(value: object) -> object:
    if isinstance(value, LabellerError):
        return spoken(value)
    return tr(value) if isinstance(value, Word) else value


STAGES = (
    mark("Unpacking"), mark("Extracting pages"), mark("Writing"),
    mark("Reading images"), mark("Drawing the demo images"), mark("Training"),
    mark("Evaluating"), mark("Reading features"), mark("Selecting"),
    mark("Comparing"), mark("Comparing views"), mark("Predicting"), mark("Looking for images"),
    mark("Not enough memory: continuing with smaller batches"),
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
    mark("Weighted CoreSet: far from labelled images, uncertain and typical"),
    mark("CoreSet: most different from labelled images; worse than random with few labels"),
    mark("Linear probe: a pretrained encoder that knows photos; learns in seconds"),
    mark("CDAL: images whose class confusions differ from those chosen so far"),
    mark("UncertainGCN: a graph network learns what is labelled and picks where it is unsure"),
    mark("CoreGCN: CoreSet on a graph network's features"),
    mark("Adapter: learns from unlabelled images too, in ten seconds"),
    mark("MixMatch: learns from mixtures of images, as CSAL does"),
    mark("MoBYv2AL: trains a whole network, as in the paper"),
    mark("Learning Loss: images with a high predicted loss"),
    mark("VAAL: images that a discriminator recognises as unlabelled"),
    mark("CSAL: images whose prediction changes between views"),
    mark("EfficientNet-Lite0: trained on ImageNet; for any computer"),
    mark("Random: a fair sample, as a baseline or for measuring"),
    mark("BALD: images whose predictions disagree under feature dropout"),
    mark("MC Dropout: entropy of the mean prediction under feature dropout"),
    mark("DropQuery: cluster centres of images whose prediction changes under dropout"),
    mark("ProbCover: images that cover most of the pool; for few labels"),
    mark("TypiClust: typical images of unlabelled clusters; for few labels"),
    mark("BADGE: images with large and diverse gradients"),
    mark("Cluster-margin: uncertain images spread over clusters"),
    mark("Least confidence: images whose most likely class is unlikely"),
    mark("Entropy: images with many likely classes"),
    mark("Margin: images with two nearly equally likely classes"),
    mark("ResNet, small: for computers without a GPU"),
    mark("ResNet-18: the paper's second network; needs a GPU"),
    mark("VGG-16: the paper's network for CIFAR-10; needs a GPU"),
    mark("Wide ResNet 28-2: for small images; needs a GPU"),
    mark("Wide ResNet 28-10: the largest; needs a large GPU"),
    mark("Quick: under a minute for small pools"),
    mark("Thorough: six times as long; worth it with several hundred labels"),
    mark("Paper: 200 epochs as published; hours without a GPU"),
    mark("MoBYv2: the paper's method; queues of keys, a weak and a strong view"),
    mark("MoBY: queues of keys, two strong views, larger heads"),
    mark("MoCo v2: one view is compared with the other and a queue of keys"),
    mark("BYOL: each view predicts a slower copy's output for the other"),
    mark("SimSiam: each view predicts the other; no negatives, no slower copy"),
    mark("SimCLR: the other images of the batch are the negatives"),
    mark("DINO: each view matches a slower, sharper copy's output for the other"),
    mark("Fastest available"),
    mark("Processor"),
    mark("NVIDIA GPU"),
    mark("Apple GPU"),
)
"""Descriptions in the registries (`labeller.loop.method.choices`)."""
NEEDS = (
    mark("Needs nothing."), mark("Needs a trained model."),
    mark("Needs a trained model; it drops out features, so the network needs no "
         "dropout layers."),
    mark("Needs a trained model, preferably by the MixMatch learner."),
    mark("Needs a model trained together with it: a module is trained alongside."),
    mark("Needs a trained model; trains small networks while choosing."),
)  # fmt: skip
"""What strategies need (`labeller.selection.strategies`)."""
KINDS = (
    mark("strategy"), mark("learner"), mark("encoder"), mark("recipe"), mark("device"),
    mark("self-supervised method"), mark("protocol"), mark("table"),
)  # fmt: skip
"""Kinds of things that can be unknown (`labeller.core.errors.require_known`)."""
