"""The image at the session's cursor, as large as there is room, in the grid's preview and alone."""

from labeller.window.labelling.session import Session
from labeller.window.labelling.thumbnails import Size, Thumbnails
from labeller.window.labelling.zoom import ZoomPicture


class CurrentPicture(ZoomPicture):
    """Its thumbnail stands in until the large picture has been read, and that one until all pixels
    have, which are only read where somebody looks closely."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.full_wanted.connect(self._show_full)

    def show_current(self) -> None:
        """Show the image at the cursor, of a batch that is not empty."""
        image = self._session.images[self._session.cursor]
        self.show_image(image, self._thumbnails.best(image, Size.LARGE))
        self._show_full()

    def _show_full(self) -> None:
        if self.zoomed and self._session.images:
            found = self._thumbnails.full(self._session.images[self._session.cursor])
            if found is not None:
                self.show_full(found)
