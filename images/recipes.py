"""What a picture is made from: checked against the catalog, with nothing left open."""

from dataclasses import replace

from minitoolai import ImageRequest, catalog


class InvalidRecipe(ValueError):
    """A value outside the catalog; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is not offered")
        self.field = field


def complete(image: ImageRequest) -> ImageRequest:
    """The same picture with every default filled in; raises InvalidRecipe."""
    whole = replace(
        image,
        prompt=image.prompt.strip(),
        negative_prompt=(image.negative_prompt or "").strip() or None,
        scheduler=image.scheduler or catalog.DEFAULT_SCHEDULER,
        steps=catalog.STEPS.default if image.steps is None else image.steps,
        cfg_scale=float(catalog.CFG_SCALE.default if image.cfg_scale is None else image.cfg_scale),
        width=catalog.SIZE.default if image.width is None else image.width,
        height=catalog.SIZE.default if image.height is None else image.height,
    )
    offered = {
        "prompt": bool(whole.prompt),
        "model": whole.model in catalog.IMAGE_MODELS,
        "scheduler": whole.scheduler in catalog.SCHEDULERS,
        "steps": whole.steps in catalog.STEPS,
        "cfg_scale": whole.cfg_scale in catalog.CFG_SCALE,
        "width": whole.width in catalog.SIZE,
        "height": whole.height in catalog.SIZE,
    }
    for field, is_offered in offered.items():
        if not is_offered:
            raise InvalidRecipe(field)
    return whole
