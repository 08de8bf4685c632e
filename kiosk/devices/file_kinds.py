"""What a file is that is no picture: told by its bytes, so that the sentence names the way out."""

from __future__ import annotations

import re
from typing import Final

from kiosk.domain.language import _, marked

_PDF: Final = marked(
    "{name} is not a picture but a PDF. Save the picture itself, as JPEG or PNG, or make a "
    "screenshot of the page."
)
_VIDEO: Final = marked(
    "{name} is not a picture but a video. Choose the photo itself; of a Live Photo that is the "
    "file of the same name that ends in .HEIC or .JPG."
)
_RAW: Final = marked(
    "{name} is not a picture that can be read but a camera's raw file. Export it as JPEG."
)
_WEB_PAGE: Final = marked(
    "{name} is not a picture but a web page, as downloads become that need a log-in. Open the page "
    "in a browser and save the picture itself."
)
_ARCHIVE: Final = marked(
    "{name} is not a picture but an archive or an Office document. Unpack it, or save the picture "
    "in it as JPEG or PNG."
)
_DRAWING: Final = marked(
    "{name} is not a picture that can be read but a drawing program's file. Export it as JPEG or "
    "PNG."
)
_NEW_FORMAT: Final = marked(
    "{name} is not a picture that can be read: JPEG XL is not supported. Save it as JPEG or PNG."
)
_COMPANION: Final = marked(
    "{name} is not a picture but what a Mac keeps about one, or a note that it still lies in the "
    "cloud. Download the picture itself."
)
_SOUND: Final = marked("{name} is not a picture but a sound. Choose a picture.")
_TEXT: Final = marked("{name} is not a picture but a text. Choose a picture, such as a JPEG.")
_ZEROS: Final = marked(
    "{name} is not a picture: it holds only zeros, as an interrupted download or a broken memory "
    "card leaves it. Copy it again from where it came."
)
_DAMAGED: Final = marked(
    "{name} is damaged or cut off: it begins like a picture and then makes no sense. Copy it again "
    "from where it came, or have it sent again, as a file."
)
_UNKNOWN: Final = marked(
    "{name} is not a picture that can be read. Use JPEG, HEIC, PNG, WebP, AVIF, TIFF or BMP."
)

_BEFORE_TAG: Final = rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--[\s\S]*?-->|<!doctype svg[^>]*>)*"
_STARTS: Final[tuple[tuple[bytes, str], ...]] = (
    (rb"[\s\S]{0,1000}%PDF-", _PDF),
    (rb"%!PS|\xc5\xd0\xd3\xc6|8BPS|gimp xcf|AT&TFORM", _DRAWING),
    (rb"(?:II\*\0|MM\0\*)[\s\S]{4}CR|IIU\0|IIR[OS]|MMOR|FUJIFILMCCD-RAW|FOVb|\0MRM", _RAW),
    (rb"[\s\S]{4}ftypcrx ", _RAW),
    (rb"[\s\S]{4}(?:ftypM4A|ftypM4B)|ID3|OggS|fLaC|RIFF[\s\S]{4}WAVE", _SOUND),
    (rb"[\s\S]{4}(?:ftyp|moov|mdat|wide|free|skip|pnot)", _VIDEO),
    (rb"RIFF[\s\S]{4}AVI |\x1a\x45\xdf\xa3|\0\0\x01[\xb3\xba]|FLV\x01|\x30\x26\xb2\x75", _VIDEO),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", _NEW_FORMAT),
    (rb"PK\x03\x04|PK\x05\x06|7z\xbc\xaf|Rar!|\x1f\x8b|\xd0\xcf\x11\xe0", _ARCHIVE),
    (rb"\0\x05\x16\x07|bplist00", _COMPANION),
    (_BEFORE_TAG + rb"<svg", _DRAWING),
    (_BEFORE_TAG + rb"<(?:!doctype html|html|head|body|script|meta)", _WEB_PAGE),
)
_KINDS: Final = tuple((re.compile(start, re.IGNORECASE), kind) for start, kind in _STARTS)

_PICTURE: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF[\s\S]{4}WEBP|BM|II\*\0|MM\0\*|\0\0\0\x0cjP  |\xff\x4f\xff\x51"
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_RAW_TAGS: Final = (50706, 50708)  # DNGVersion, UniqueCameraModel
_SENSOR: Final = frozenset({32803, 34892, 65535})
"""TIFF's photometric interpretations of what a sensor measured and nobody has made colours of."""


def why_no_picture(data: bytes, name: str) -> str:
    """A sentence for a file that no picture reader makes anything of."""
    head = data[:2048]
    if _brands(data) & _AVIF_BRANDS:
        return _(_DAMAGED).format(name=name)
    for start, sentence in _KINDS:
        if start.match(head):
            return _(sentence).format(name=name)
    if len(data) > 16 and _PICTURE.match(head):
        return _(_DAMAGED).format(name=name)
    if not any(head):
        return _(_ZEROS).format(name=name)
    if _is_text(head):
        return _(_TEXT).format(name=name)
    return _(_UNKNOWN).format(name=name)


def raw_sentence(name: str) -> str:
    """For a camera's raw file that looks like a TIFF."""
    return _(_RAW).format(name=name)


def is_jpeg(data: bytes) -> bool:
    """Whether a JPEG begins here, also a portrait or 3D picture (MPO) that holds several."""
    return data.startswith(b"\xff\xd8\xff")


def is_heif(data: bytes) -> bool:
    """Whether this is HEIC or HEIF. AVIF, which is built alike, is another reader's."""
    brands = _brands(data)
    return bool(brands) and not brands & _AVIF_BRANDS and bool(brands & _HEIF_BRANDS)


def is_raw(tags: object, name: str) -> bool:
    """Whether a TIFF of these tags is a camera's raw file, in which only a thumbnail is ready to
    be read."""
    get = getattr(tags, "get", None)
    if get is None:
        return False
    if any(get(tag) is not None for tag in _RAW_TAGS) or get(262) in _SENSOR:
        return True
    # The first picture says that it is a smaller one of another within.
    if get(254) == 1 and get(330) is not None:
        return True
    return name.lower().endswith(
        (".nef", ".nrw", ".arw", ".sr2", ".pef", ".srw", ".3fr", ".dng", ".cr2")
    )


def _brands(data: bytes) -> set[bytes]:
    if data[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(data[:4], "big"), 512)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        return True
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return control == 0 and len(head) > 3
