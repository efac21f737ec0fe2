"""What the pages of an office's own texts show: which there are, one of them, and the messages that it makes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from app.letters.own_sentences import LETTERS_SPEAK, example_letters, ready_sentence
from letters.own_texts import RELATIONS, LetterKey, all_keys
from notifications.errors import BadText
from notifications.facts import Desk
from notifications.own_texts import TextKey, TextKind, TextPart, fields_of, kind_word, part_word
from notifications.ready_texts import ready
from notifications.render import render
from notifications.text_check import checked, must_name
from notifications.text_desk import Texts, texts_of
from notifications.text_examples import examples
from plans.model import Relation
from plans.text import N_, _, language
from tasks.agencies import load_register
from tasks.office import office_of

_RELATION_WORDS = {
    Relation.SUBORDINATE: N_("Cơ quan cấp dưới"),
    Relation.PEER: N_("Cơ quan ngang cấp"),
    Relation.REQUESTED: N_("Cơ quan được đề nghị phối hợp"),
    Relation.SELF: N_("Chính đơn vị theo dõi"),
}
OWN, COMMON, READY = "own", "common", "ready"


@dataclass(frozen=True, slots=True)
class Choice:
    """One text of the list. ``of``: own, common (the installation's) or ready; "" where nothing is said at all."""

    key: str
    part: str
    of: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    relation: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one situation."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A whole message as its reader would get it."""

    title: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """One text: what is said now, what may stand in it, and the messages that it makes."""

    key: str
    kind: str
    relation: str
    part: str
    text: str
    ready: str
    of: str
    fields: tuple[str, ...]
    needed: tuple[str, ...]
    examples: tuple[Example, ...]
    short: bool  # one line


def groups(connection: Connection, scope: str) -> tuple[Group, ...]:
    """All texts of a scope ("" for the installation's), by situation and relation."""
    own, common = texts_of(connection, scope), texts_of(connection, "")
    return tuple(
        Group(
            kind_word(kind),
            tuple(
                Row(
                    _(_RELATION_WORDS[relation]),
                    tuple(_choice(TextKey(kind, relation, part), own, common, scope) for part in TextPart),
                )
                for relation in Relation
            ),
        )
        for kind in TextKind
    )


def chosen(groups: tuple[Group, ...], sentences: tuple[Sentence, ...] = ()) -> int:
    """How many of them are not the ready ones."""
    told = [each for group in groups for row in group.rows for each in row.choices]
    told += [each for sentence in sentences for each in sentence.choices]
    return sum(each.of in (OWN, COMMON) for each in told)


def _choice(key: TextKey, own: Texts, common: Texts, scope: str) -> Choice:
    for of, texts in ((OWN, own), (COMMON, common if scope else {})):
        if (text := texts.get(str(key), {}).get(language())) is not None:
            return Choice(str(key), part_word(key.part), of, text)
    text = ready(key)
    return Choice(str(key), part_word(key.part), READY if text else "", text)


def text_page(connection: Connection, scope: str, key: TextKey, typed: str | None = None) -> TextPage:
    """The page of one text. ``typed``: what the officer is writing; examples are made of it where they can be."""
    now = _choice(key, texts_of(connection, scope), texts_of(connection, ""), scope)
    text = now.text if typed is None else typed
    return TextPage(
        str(key),
        kind_word(key.kind),
        _(_RELATION_WORDS[key.relation]),
        now.part,
        text,
        ready(key),
        now.of,
        fields_of(key.kind),
        must_name(key),
        _examples(key, text, _desk(connection, scope)),
        key.part is not TextPart.OPENING,
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the letters, to each relation."""

    name: str
    choices: tuple[Choice, ...]


def letter_relations() -> tuple[str, ...]:
    return tuple(_(_RELATION_WORDS[relation]) for relation in RELATIONS)


def sentences(connection: Connection, scope: str) -> tuple[Sentence, ...]:
    """The sentences of official letters that an office may write anew."""
    own, common = texts_of(connection, scope), texts_of(connection, "")
    keys = list(all_keys())
    return tuple(
        Sentence(each.name, tuple(_sentence(key, own, common, scope) for key in keys if key.text is each.text))
        for each in keys[:: len(RELATIONS)]
    )


def _sentence(key: LetterKey, own: Texts, common: Texts, scope: str) -> Choice:
    for of, texts in ((OWN, own), (COMMON, common if scope else {})):
        if (text := texts.get(str(key), {}).get(LETTERS_SPEAK)) is not None:
            return Choice(str(key), _(_RELATION_WORDS[key.relation]), of, text)
    return Choice(str(key), _(_RELATION_WORDS[key.relation]), READY, ready_sentence(key))


def sentence_page(connection: Connection, scope: str, key: LetterKey, typed: str | None = None) -> TextPage:
    """The page of one sentence of the letters, with the body of each letter in which it stands."""
    now = _sentence(key, texts_of(connection, scope), texts_of(connection, ""), scope)
    text = now.text if typed is None else typed
    return TextPage(
        str(key),
        key.name,
        _(_RELATION_WORDS[key.relation]),
        _("Câu trong công văn"),
        text,
        ready_sentence(key),
        now.of,
        key.fields,
        key.needed,
        tuple(Example("", "", body) for body in example_letters(key, text)),
        False,
    )


def _desk(connection: Connection, scope: str) -> Desk | None:
    """The unit's own name and texts; None for the whole installation: an invented one."""
    office = office_of(connection, scope)
    texts = {key: text[language()] for key, text in office.texts.items() if language() in text}
    if not scope:
        return None
    name = load_register(connection)[scope].name
    return Desk(name, office.sender or name, _("Cán bộ theo dõi"), texts=texts)


def _examples(key: TextKey, text: str, desk: Desk | None) -> tuple[Example, ...]:
    """None where no message can be made from the text."""
    try:
        tidy = checked(key, text) if text else None
    except BadText:
        return ()
    titles = (_("Một việc"), _("Nhiều việc"))
    made = (render(replace(sheet, sample=False)) for sheet in examples(key, tidy, desk))
    return tuple(Example(title, each.subject, each.text) for title, each in zip(titles, made, strict=False))
