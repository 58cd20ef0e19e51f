"""Sheets of made-up people for the benchmarks: the same rows, as CSV and as a workbook, whenever they are made."""

import csv
import random
import zipfile

HEADER = ["First name", "Last name", "Email", "Phone number", "Date of birth", "Gender", "Address", "Occupation",
          "T-shirt size", "CRM ID", "Emergency contact name", "Emergency contact phone"]

FIRST = ["Ada", "Bram", "Chloé", "Dara", "Emil", "Fern", "Gita", "Hugo", "Iris", "Juno", "Søren", "Lena", "Łucja", "Mira",
         "Nils", "Oona"]
LAST = ["Larkspur", "Marigold", "Müller", "Nettle", "Oakley", "O’Brien", "Peony", "Quince", "Rowan", "Sorrel", "Tansy",
        "Vetch", "Willow", "Yarrow"]
DOMAINS = ["example.com", "example.org", "example.net", "mail.example.com", "team.example.org"]
STREETS = ["Elm", "Oak", "Mill", "Church", "Station", "High"]
CITIES = ["Ashford", "Fairview", "Lakeside", "Milton", "Newport"]
JOBS = ["Accountant", "Baker", "Civil Engineer", "Nurse", "Office Manager", "Teacher", "Writer"]
SIZES = ["S", "M", "L", "XL", ""]
GENDERS = ["female", "male", "non-binary", ""]
# Each of these stands in one row of a thousand, in the column with that number.
WRONG = [(0, ""), (2, "nobody@example"), (2, "no body@example.org"), (3, "call me"), (4, "1990-02-30"), (4, "2999-01-01")]

# The parts of a workbook that are the same whatever it holds.
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def people(rows):
    """A header and so many people: half the addresses are quoted, few rows have a fault, three in a thousand are
    somebody who was there before."""
    yield HEADER
    chance = random.Random(0x5EED)
    for number in range(rows):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        who = number // 2 if chance.random() < 0.003 else number
        address = f"{chance.randint(1, 999)} {chance.choice(STREETS)} St"
        if chance.random() < 0.5:
            address += f", {chance.choice(CITIES)}"
        row = [
            first, last, f"p{who}.{chance.randint(10, 99) if who == number else 0}@{chance.choice(DOMAINS)}",
            f"+1 514 555 {chance.randint(100, 199):04}",
            f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            chance.choice(GENDERS), address, chance.choice(JOBS), chance.choice(SIZES), f"0035{number:011}",
            f"{chance.choice(FIRST)} {last}", f"+1 438 555 {chance.randint(100, 199):04}",
        ]
        for place, wrong in WRONG:
            if chance.random() < 0.001:
                row[place] = wrong
        yield row


def write_csv(path, rows):
    """Writes rows of texts as CSV."""
    with open(path, "w", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet, lineterminator="\n").writerows(rows)


def write_xlsx(path, rows):
    """Writes rows of texts as a workbook with one sheet, the texts in their cells."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for row, cells in enumerate(rows, 1):
                texts = (f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
                         for column, text in enumerate(cells) if text)
                sheet.write(f'<row r="{row}">{"".join(texts)}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
