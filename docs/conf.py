"""How the site is built. The source directory is the checkout: links are the same in both."""

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from injector_conformance import __version__
from injector_conformance.specification.spec import load

project = "zarf-injector conformance"
release = __version__
version = f"specification {load().version}"
author = "the zarf-injector conformance authors"
copyright = "the authors, under the Apache License 2.0"  # noqa: A001 - Sphinx calls it so
language = "en"

extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "reference/SPEC.md",
    "benchmarks/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
]
exclude_patterns = [".*", "build", "dist", "**/target"]
myst_heading_anchors = 4
smartquotes = False  # it would make a dash of --option
highlight_language = "text"

html_theme = "furo"
html_title = project
html_extra_path = ["site"]
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["site-style"]
html_css_files = ["site.css"]
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """Teach it the name of mtree(5), which no highlighter knows."""
    app.add_lexer("mtree", TextLexer)
