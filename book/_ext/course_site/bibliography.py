"""Da forma en español a las citas («Wei et al., 2022») y a la lista de referencias."""

from dataclasses import dataclass, field

import sphinxcontrib.bibtex.plugin
from pybtex.plugin import register_plugin
from pybtex.style import template as form
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style, pages
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


class SpanishStyle(Style):
    """Autores (año). Título. Dónde se publicó. Enlace."""

    default_sorting_style = "author_year_title"
    default_label_style = "alpha"

    def get_article_template(self, entry):
        places = ("journal", "booktitle", "howpublished", "institution")
        venue = form.first_of[tuple(form.optional[form.tag("em")[form.field(p)]] for p in places)]
        return toplevel[
            form.words[
                _authors(entry),
                form.sentence[form.join["(", form.field("year"), ")"]],
            ],
            form.sentence[form.field("title")],
            form.optional[
                form.sentence[
                    venue,
                    form.optional[form.words["vol.", form.field("volume")]],
                    form.optional[form.words["págs.", pages]],
                ]
            ],
            self.format_web_refs(entry),
        ]

    get_inproceedings_template = get_article_template
    get_misc_template = get_article_template
    get_techreport_template = get_article_template

    def format_web_refs(self, entry):
        address = form.field("url", raw=True)
        arxiv = form.join["https://arxiv.org/abs/", form.field("eprint", raw=True)]
        doi = form.join["https://doi.org/", form.field("doi", raw=True)]
        return form.sentence[
            form.optional[form.href[arxiv, form.join["arXiv:", form.field("eprint", raw=True)]]],
            form.optional[form.href[doi, form.join["doi:", form.field("doi", raw=True)]]],
            form.optional[form.href[address, "en línea"]],
        ]


def _authors(entry) -> str:
    """Devuelve «A, B y C», o «A, B et al.» si la entrada termina en `and others`."""
    people = entry.persons["author"]
    names = [
        " ".join((*p.first_names, *p.middle_names, *p.prelast_names, *p.last_names)).strip("{}")
        for p in people
    ]
    if names[-1] == "others":
        return ", ".join(names[:-1]) + " et al."
    return " y ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class SpanishReferences(AuthorYearReferenceStyle):
    """«(Wei et al., 2022)» entre paréntesis y «Stahlberg y Byrne (2019)» en el texto."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)
    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(sep2=" y ", last_sep=" y ", other=" et al.")
    )


def setup(app):
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "spanish", SpanishReferences
    )
    register_plugin("pybtex.style.formatting", "spanish", SpanishStyle)
