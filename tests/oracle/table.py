"""The cells of eface-table computed anew from the same result files, and LaTeX's own opinion of what it writes."""
import csv
import io
import json
import os
import re
import shutil
import subprocess

QUOTED = {"lfw": [("accuracy", None)], "agedb_30": [("accuracy", None)], "calfw": [("accuracy", None)], "cplfw": [("accuracy", None)],
          "cfp_fp": [("accuracy", None)], "cfp_ff": [("accuracy", None)], "ijbb": [("tar_at_far", 1e-4)], "ijbc": [("tar_at_far", 1e-4)]}


def figures(files, convention):
    """{system: {(protocol, metric, point): value}}; a figure that is undefined is None."""
    found = {}
    for file in files:
        with open(file, encoding="utf-8") as stream:
            document = json.load(stream)
        for result in document["results"]:
            for row in result["metrics"]:
                measure = row.get(convention, row.get("insightface"))
                key = (result["protocol"]["name"], row["metric"], row.get("point"))
                found.setdefault(result["model"], {})[key] = measure["value"]
    return found


def columns_of(found, depth):
    """The columns of a table: what papers quote, or of one benchmark TAR, rank and TPIR at every point."""
    keys = set().union(*found.values())
    if depth is None:
        return [(protocol, metric, point) for protocol, wanted in QUOTED.items() for metric, point in wanted
                if (protocol, metric, point) in keys]
    return [key for metric in ("tar_at_far", "cmc", "tpir_at_fpir")
            for key in sorted((key for key in keys if key[:2] == (depth, metric)), key=lambda key: key[2])]


def expected(found, columns):
    """{system: cells of Markdown}: "**99.82**" for the best, "<u>99.80</u>" for the second, "-" for none."""
    cells = {system: [] for system in found}
    for column in columns:
        values = sorted({own[column] for own in found.values() if own.get(column) is not None}, reverse=True)
        several = sum(own.get(column) is not None for own in found.values()) > 1
        for system, own in found.items():
            value = own.get(column)
            text = "-" if value is None else "%.2f" % (100 * value)
            if several and value == values[0]:
                text = "**%s**" % text
            elif several and len(values) > 1 and value == values[1]:
                text = "<u>%s</u>" % text
            cells[system].append(text)
    return cells


def markdown_rows(text):
    """{system: cells}, without the marks of footnotes."""
    rows = {}
    for line in text.splitlines()[2:]:
        if not line.startswith("|"):
            break
        fields = [re.sub(r"(&thinsp;)?<sup><i>\w+</i></sup>", "", field.strip()) for field in line.strip("|").split("|")]
        rows[fields[0].replace("\\", "")] = fields[1:]
    return rows


def check_tables(tally, program, name, files):
    """Compares the cells of all tables of some result files."""
    for convention in ("insightface", "iso"):
        found = figures(files, convention)
        depths = [None] + [protocol for protocol in ("ijbb", "ijbc") if any(key[0] == protocol for own in found.values() for key in own)]
        for depth in depths:
            columns = columns_of(found, depth)
            arguments = [program, "--convention", convention] + (["--depth", depth] if depth else []) + files
            shown = subprocess.run(arguments + ["-f", "md"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
            plain = subprocess.run(arguments + ["-f", "csv"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
            rows, wanted = markdown_rows(shown), expected(found, columns)
            table = {row[0]: row[1:1 + len(columns)] for row in list(csv.reader(io.StringIO(plain)))[1:]}
            for system, cells in wanted.items():
                where = "%s, %s, %s" % (name, depth or "all", convention)
                tally.check("table", "%s: %s" % (where, system), rows.get(system) == cells, "%s, not %s" % (rows.get(system), cells))
                bare = [re.sub(r"\*\*|</?u>", "", cell).replace("-", "NA") for cell in cells]
                tally.check("table", "%s: %s in CSV" % (where, system), table.get(system) == bare, "%s, not %s" % (table.get(system), bare))


def check_latex(tally, program, name, files, folder):
    """Compiles documents that are said to stand alone; returns whether LaTeX is there."""
    if shutil.which("pdflatex") is None:
        return False
    awkward = r"50% a_b & {c} #1 ~^\ <i> $ [x]* -- |"
    for number, arguments in enumerate((files, ["--transpose", "--with-intervals"] + files, ["--with-published", "elasticface,arcface"] + files,
                                        [awkward + "=" + files[0]])):
        path = os.path.join(folder, "table%d.tex" % number)
        subprocess.run([program, "--standalone", "-o", path] + arguments, check=True)
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-output-directory", folder, path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        tally.check("LaTeX", "%s, document %d" % (name, number), done.returncode == 0, done.stdout.decode(errors="replace")[-400:])
    return True


def make_results(programs, folder):
    """Results of three systems: files of pairs and of templates in turn."""
    os.makedirs(folder, exist_ok=True)
    files = []
    for system, difficulty in (("one", "1"), ("two", "1.2"), ("three", "0.9")):
        for kind, protocols in (("pairs", "lfw,agedb_30,calfw,cplfw,cfp_fp,cfp_ff"), ("templates", "ijbb,ijbc")):
            base = os.path.join(folder, "%s-%s" % (system, kind))
            lists = os.path.join(folder, "lists")
            scale = "0.1" if kind == "pairs" else "0.02"
            subprocess.run([os.path.join(programs, "eface-synth"), "-q", "--force", "-p", protocols, "--scale", scale, "--dim", "32",
                            "--difficulty", difficulty, "--model", system, "--lists", lists, "-o", base + ".h5"], check=True)
            subprocess.run([os.path.join(programs, "eface-eval"), "-q", "--allow-partial", "--data", lists, base + ".h5", "-o", base + ".json"],
                           check=True)
            files.append(base + ".json")
    return files


def check_all(tally, programs, files, folder):
    program = os.path.join(programs, "eface-table")
    check_tables(tally, program, "three systems", files)
    if not check_latex(tally, program, "three systems", files, folder):
        tally.absent.append("LaTeX: there is no pdflatex to compile documents with")
