"""What PDF/A-3b and PDF/UA-1 ask of a file besides its drawing: metadata, colour, and the files it carries."""

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

_SRGB = Path(__file__).with_name("srgb.icc")
_PART, _CONFORMANCE = "3", "B"


@dataclass(frozen=True)
class Attached:
    """A file inside the report: the same content for machines (``Data``) or what it was made from (``Source``)."""

    name: str
    media_type: str
    words: str
    data: bytes
    relation: str = "Data"


class Page(pdfdoc.PDFPage):
    """A page that knows its place in the structure."""

    __NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]  # noqa: RUF012  # as its parent has it
    StructParents: Any = None
    Tabs: Any = None


class Catalog(pdfdoc.PDFCatalog):
    """A catalogue that may name colours and files."""

    __NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents", "AF"]  # noqa: RUF012  # as its parent has it
    OutputIntents: Any = None
    AF: Any = None


def declare(document: Any, attached: tuple[Attached, ...], xmp: bytes) -> None:
    """Write into the catalogue what the file is: tagged, in sRGB, described, with its attachments."""
    catalog = document.Catalog
    catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
    catalog.Metadata = _stream(
        xmp, {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}, packed=False
    )
    profile = document.Reference(_stream(_SRGB.read_bytes(), {"N": 3}))
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(_intent(profile))])
    if attached:
        _attach(document, attached)


def _intent(profile: Any) -> dict[str, Any]:
    return {
        "Type": pdfdoc.PDFName("OutputIntent"),
        "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": profile,
    }


def _attach(document: Any, attached: tuple[Attached, ...]) -> None:
    """Files as PDF/A-3 wants them: named, typed, described, and related to the document as a whole."""
    names: list[Any] = []
    for one in sorted(attached, key=lambda one: one.name):
        stream = _stream(
            one.data,
            {
                "Type": pdfdoc.PDFName("EmbeddedFile"),
                "Subtype": _name(one.media_type),
                "Params": pdfdoc.PDFDictionary({"Size": len(one.data), "ModDate": _moment(document)}),
            },
        )
        place = document.Reference(stream)
        spec = document.Reference(
            pdfdoc.PDFDictionary(
                {
                    "Type": pdfdoc.PDFName("Filespec"),
                    "F": pdfdoc.PDFString(one.name),
                    "UF": pdfdoc.PDFString(one.name),
                    "Desc": pdfdoc.PDFString(one.words),
                    "AFRelationship": pdfdoc.PDFName(one.relation),
                    "EF": pdfdoc.PDFDictionary({"F": place, "UF": place}),
                }
            )
        )
        names += [pdfdoc.PDFString(one.name), spec]
    catalog = document.Catalog
    tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})
    catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": document.Reference(tree)})
    catalog.AF = pdfdoc.PDFArray(names[1::2])


def _name(text: str) -> Any:
    """A name that may hold a slash: ReportLab leaves it as it is, which ends the name."""
    return "/" + text.replace("/", "#2F")


def _moment(document: Any) -> Any:
    return pdfdoc.PDFString(document.info._dateFormatter())


def _stream(data: bytes, said: dict[str, Any], packed: bool = True) -> Any:
    stream = pdfdoc.PDFStream(
        dictionary=pdfdoc.PDFDictionary(said), content=data, filters=[pdfdoc.PDFZCompress] if packed else None
    )
    return stream


def metadata(
    title: str, author: str, subject: str, made_at: str, language: str, identifier: str = ""
) -> bytes:
    """The description in XMP: the same words as in the document information, and what the file conforms to.

    ``made_at`` is an instant (``2026-03-03T18:05:00Z``). PDF/UA's own name needs its schema beside it in PDF/A.
    """
    named = f"<dc:identifier>{escape(identifier)}</dc:identifier>\n" if identifier else ""
    return (
        _XMP.replace("{title}", escape(title))
        .replace("{author}", escape(author))
        .replace("{subject}", escape(subject))
        .replace("{language}", escape(language))
        .replace("{identifier}", named)
        .replace("{made_at}", escape(made_at))
        .replace("{part}", _PART)
        .replace("{conformance}", _CONFORMANCE)
        .encode()
    )


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
{identifier}</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>clinic-audit</xmp:CreatorTool>
<xmp:CreateDate>{made_at}</xmp:CreateDate><xmp:ModifyDate>{made_at}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{conformance}</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def carried(pdf: bytes, name: str, at_most: int) -> bytes | None:
    """A file that a report carries, by name; none when it carries no such file.

    Raises:
        ValueError: when the report cannot be read, or the file has more than ``at_most`` bytes.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        names = PdfFileReader(io.BytesIO(pdf)).root
        for step in ("/Names", "/EmbeddedFiles", "/Names"):
            if step not in names:
                return None
            names = names[step]
        pairs = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        if name not in pairs:
            return None
        stream = pairs[name]["/EF"]["/F"]
        return _unpacked(stream.encoded_data, str(stream["/Filter"]) if "/Filter" in stream else "", at_most)
    except (
        PdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        zlib.error,
    ) as error:
        raise ValueError("this is no report that can be read") from error


def _unpacked(data: bytes, packing: str, at_most: int) -> bytes:
    """What a stream holds; a small one may unpack to more than a machine has room for, so it is stopped in time."""
    packed = "FlateDecode" in packing
    found = zlib.decompressobj().decompress(data, at_most + 1) if packed else data
    if len(found) > at_most:
        raise ValueError(f"the file in the report has more than {at_most} bytes")
    return found
