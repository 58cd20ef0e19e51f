#!/usr/bin/env python3
"""safety.py UPSHEET JUDGE CASES DIR: every report of every hostile value, as CSV and as workbook, then the judge of their safety.

Each value of CASES stands once in a row that is rejected and once in one that is ready, as a name, as an e-mail address and in a column that is not used.
"""
import csv, json, os, subprocess, sys

HEADER = ['first_name', 'last_name', 'email', 'Notes']
REPORTS = ['csv', 'xlsx', 'html', 'json', 'jsonl', 'sarif', 'xml', 'md', 'txt']

def rows(values):
    for number, value in enumerate(values):
        yield [value, f'N{number:05d}', f'ready{number:05d}@example.org', value]
        yield ['Case', value, f'rejected{number:05d} at example.org', value]
        yield ['Case', f'M{number:05d}', value, value]

def table(values, path):
    with open(path, 'w', encoding='utf-8', newline='', errors='surrogatepass') as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator='\r\n')
        writer.writerow(HEADER)
        writer.writerows(rows(values))

def workbook(values, path):
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet('People')
    for row in [HEADER, *rows(values)]:
        cells = []
        for text in row:
            cell = openpyxl.cell.WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub('?', text).encode('utf-8', 'replace').decode())
            cell.data_type = 's'
            cells.append(cell)
        sheet.append(cells)
    book.save(path)

def main():
    upsheet, judge, cases, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    values = [case['input'] for case in json.load(open(cases, encoding='utf-8'))['cases']]
    files = []
    for name, make in (('names.csv', table), ('names.xlsx', workbook)):
        path = os.path.join(folder, name)
        make(values, path)
        reports = [f'{path}.report.{ending}' for ending in REPORTS]
        done = subprocess.run([upsheet, 'check', path, '--to', 'omneo', '-q', *[word for report in reports for word in ('--report', report)]], capture_output=True, text=True)
        if done.returncode != 1:
            sys.exit(f'{name}: exit code {done.returncode}: {done.stderr}')
        files += [report for report in reports if report.endswith(('.csv', '.xlsx', '.html'))]
    sys.exit(subprocess.run([sys.executable, judge, *files]).returncode)

if __name__ == '__main__':
    main()
