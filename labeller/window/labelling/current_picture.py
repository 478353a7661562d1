"""The current image, as large as possible, in the preview and in the single view."""

from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Size, Thumbnails
from labeller.window.labelling.zoom import ZoomPicture


class CurrentPicture(ZoomPicture):
    """The thumbnail is shown until the large picture has been read, and that until all pixels have,
    which are read only when somebody zooms in."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.full_wanted.connect(self._show_full)

    def show_current(self) -> None:
        """Show the current image of a non-empty batch."""
        image = self._session.images[self._session.cursor]
        self.show_image(image, self._thumbnails.best(image, Size.LARGE))
        self._show_full()

    def _show_full(self) -> None:
        if self.zoomed and self._session.images:
            found = self._thumbnails.full(self._session.images[self._session.cursor])
            if found is not None:
                self.show_full(found)
