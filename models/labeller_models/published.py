"""torchvision's published ImageNet weights; a module of its own, since torchvision loads slowly."""

from torchvision.models import ResNet18_Weights, VGG16_BN_Weights

RESNET18 = ResNet18_Weights.IMAGENET1K_V1
VGG16 = VGG16_BN_Weights.IMAGENET1K_V1
