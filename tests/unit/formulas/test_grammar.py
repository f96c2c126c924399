"""How a formula is written: signs, brackets, names, numbers, and where a mistake is."""

import pytest
from tests.unit.formulas.helping import agrees, code, value

from potok.graph.formulas import FormulaError, parse, to_text

VALUES = [
    # how tightly signs bind (Excel: "Calculation operators and precedence")
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("-2 ^ 2", "4"),
    ("0 - 2 ^ 2", "-4"),
    ("2 ^ 3 ^ 2", "64"),
    ("2 ^ -1", "0.5"),
    ("-(2 ^ 2)", "-4"),
    ("10 - 2 - 3", "5"),
    ("16 / 4 / 2", "2"),
    ("--5", "5"),
    ("5%", "0.05"),
    ("200 * 10%", "20"),
    ("50%%", "0.005"),
    ("10 ^ 2%", "10 ^ 0.02"),
    ("1 & 2 + 3", '"15"'),
    ('"a" & "b" = "AB"', "TRUE"),
    ("1 < 2 = TRUE", "TRUE"),
    ("2 * 3 & 4", '"64"'),
    ("= 1 + 1", "2"),
    ("  1\n +\t1\u00a0", "2"),
    # separators and the decimal comma
    ("SUM(1; 2; 3)", "6"),
    ("SUM(1, 2, 3)", "6"),
    ("SUM(1,2,3)", "6"),
    ("1,5 + 1", "2.5"),
    ("(1,5 + 1,25) * 2", "5.5"),
    ("SUM(1,5; 2,5)", "4"),
    ("ROUND(2,345; 2)", "2.35"),
    ("ROUND(2.345, 2)", "2.35"),
    ("ROUND(2,5)", "2"),
    ("IF(SUM(1,2) = 3; 0,5; 1)", "0.5"),
    ("SUM({1,5; 2})", "3.5"),
    ("SUM({1,5, 2})", "8"),
    ("SUM({1, 2}; 0,5)", "3.5"),
    ("1,5e1", "15"),
    # numbers
    (".5", "0.5"),
    ("1E3", "1000"),
    ("1.5e-2", "0.015"),
    ("0.1 + 0.2", "0.3"),
    ("1234567890123456789012345678901234", "1234567890123456789012345678901234"),
    ("1 / 3 * 3", "0.9999999999999999999999999999999999"),
    # texts
    ('"say ""hi"""', 'CONCAT("say ", CHAR(34), "hi", CHAR(34))'),
    ('""', 'LEFT("a"; 0)'),
    ('"(;{[@#"', '"(;{[@#"'),
    # words that are values
    ("true", "TRUE"),
    ("Истина", "TRUE"),
    ("ложь", "FALSE"),
    ("TRUE()", "TRUE"),
    ("ИСТИНА()", "TRUE"),
    ("ПУСТО", "EMPTY"),
    # names of functions
    ("sum(1; 2)", "3"),
    ("СуММ(1; 2)", "3"),
    ("счет(1; 2)", "2"),
    ("СЧЁТ(1; 2)", "2"),
    ("SUM (1; 2)", "3"),
    # data
    ("deal.sum", "150000"),
    ("deal.contact.name", '"Анна"'),
    ("deal.contact.[Full name]", '"Анна Петрова"'),
    ("RECORD(\"it's ]\"; 1).[it's ']]", "1"),
    ("{1; 2}[[two]]", "!unknown_name"),
    ("[deal].[contact].[a.b]", "1"),
    ('deal.contact["Full name"]', '"Анна Петрова"'),
    ("deal.items[1].name", '"Стол"'),
    ("deal.items[-1].name", '"Лампа"'),
    ("deal.items[1 + 1].name", '"Стул"'),
    ("deal.items[9].name", "EMPTY"),
    ("deal.items.name", '{"Стол"; "Стул"; "Лампа"}'),
    ("deal.items.tags[1]", '{"a"; "b"}'),
    ("deal.nothing.at.all", "EMPTY"),
    ("deal.empty.more", "EMPTY"),
    ("@hook.body.amount + 1", "43"),
    ("@if-2.x", "7"),
    ("@if-2.x - 2", "5"),
    ("@nobody.x", "EMPTY"),
    # items of lists
    ("{}", "LIST()"),
    ("{1; {2}; \"a\"}[2]", "{2}"),
    ("SUM(MAP(deal.items; item.price * item.quantity))", "3101.99"),
    ("СУММ(ПРЕОБРАЗОВАТЬ(deal.items; элемент.price * элемент.quantity))", "3101.99"),
    ("FILTER(deal.items; item.price > 200).name", '{"Стол"; "Стул"}'),
    ("FILTER(deal.items; good => good.quantity = 1).name", '{"Лампа"}'),
    ("MAP(deal.items; one => COUNT(FILTER(one.tags; tag => tag = \"b\")) + LENGTH(one.tags))", "{2; 1; 0}"),
    ("MAP({1; 2}; x => MAP({10; 20}; y => x * y))", "{{10; 20}; {20; 40}}"),
    ("MAP({1; 2}; SUM(MAP({10; 20}; item)))", "{30; 30}"),
    ("MAP({1; 2}; deal.sum + item)", "{150001; 150002}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), VALUES)
def test_a_formula_means(text: str, wanted: str) -> None:
    agrees(text, wanted)


MISTAKES = [
    ("", "empty", 0, 1),
    ("=", "empty", 1, 2),
    ("1 +", "unfinished", 3, 4),
    ("1 + * 2", "unexpected", 4, 5),
    ("1 2", "unexpected", 2, 3),
    ("(1 + 2", "never_closed", 0, 1),
    ("SUM(1; 2", "never_closed", 3, 4),
    ("{1; 2", "never_closed", 0, 1),
    ("1)", "never_opened", 1, 2),
    ("SUM(1;; 2)", "part_missing", 6, 7),
    ("SUM(1;)", "part_missing", 6, 7),
    ("SUM(1; 2, 3)", "two_separators", 8, 9),
    ("deal.", "field_expected", 5, 6),
    ("deal.5", "field_expected", 5, 6),
    ("deal.(1)", "field_expected", 5, 6),
    ('"abc', "text_not_closed", 0, 4),
    ("[abc", "name_not_closed", 0, 4),
    ("[] + 1", "name_empty", 0, 2),
    ("“abc”", "wrong_quote", 0, 1),
    ("'abc'", "wrong_quote", 0, 1),
    ("1 # 2", "strange_character", 2, 3),
    ("1 == 2", "unexpected", 3, 4),
    ("2x", "bad_number", 0, 2),
    ("1.2.3", "field_expected", 4, 5),
    ("SUMM(1)", "unknown_function_near", 0, 4),
    ("СУМ(1)", "unknown_function_near", 0, 3),
    ("qqqqqqqq(1)", "unknown_function", 0, 8),
    ("ROUND()", "too_few_arguments", 0, 7),
    ("1 + ROUND(1; 2; 3)", "too_many_arguments", 4, 18),
    ("IFS(TRUE)", "too_few_arguments", 0, 9),
    ("SUM(x => x)", "formula_not_here", 4, 10),
    ("12345678901234567890123456789012345", "number_too_long", 0, 35),
    ("1e9999", "number_too_long", 0, 6),
    ("1 / 0", "divide_by_zero", 0, 5),
    ('2 * "abc"', "bad_text", 0, 9),
    ('IF(TRUE; 1 + ROUND("x"; 1))', "bad_text", 19, 22),
    ("nobody + 1", "unknown_name", 0, 6),
    ("deal.sum.kopecks", "not_a_record", 0, 16),
    ("deal.items[0]", "place_from_one", 0, 13),
    ("deal.sum[1]", "not_a_list", 0, 11),
    ("MAP(deal.items; 1 / (item.quantity - 1))", "divide_by_zero", 16, 39),
    ("item + 1", "unknown_name", 0, 4),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "start", "end"), MISTAKES)
def test_a_mistake_points_at_its_characters(text: str, wanted: str, start: int, end: int) -> None:
    with pytest.raises(FormulaError) as caught:
        value(text)
    mistake = caught.value.mistake
    assert (mistake.code, mistake.start, mistake.end) == (wanted, start, end)
    for locale in ("en", "ru"):
        assert mistake.words(locale).message


def test_a_near_name_is_offered() -> None:
    with pytest.raises(FormulaError) as caught:
        value("SUMM(1)")
    assert "SUM" in caught.value.words("en").fix
    assert caught.value.words("ru").message == "Функции «SUMM» нет."


@pytest.mark.parametrize("text", [text for text, _ in VALUES])
def test_text_from_a_tree_gives_the_same_tree(text: str) -> None:
    tree = parse(text)
    assert parse(to_text(tree)) == tree
    assert parse(to_text(tree, "ru")) == tree
    assert to_text(parse(to_text(tree))) == to_text(tree)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('if(a>1,"x",-b)', 'IF(a > 1; "x"; -b)'),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1+(2*3)", "1 + 2 * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("a.[b c].d[ 1 ]", "a.[b c].d[1]"),
        ("[true]", "[true]"),
        ("(-2)^2", "-2 ^ 2"),
        ("map(x;y=>y+1)", "MAP(x; y => y + 1)"),
    ],
)
def test_a_tree_is_written_in_one_way(text: str, shown: str) -> None:
    assert to_text(parse(text)) == shown


def test_a_lazy_function_does_not_reckon_what_is_not_asked_for() -> None:
    assert code("IF(FALSE; 1/0; 1)") == ""
    assert code("IFERROR(1; 1/0)") == ""
    assert code("OR(TRUE; 1/0)") == ""
