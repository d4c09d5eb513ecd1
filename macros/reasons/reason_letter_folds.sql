{#
    Which letters `normalise_reason` treats as one: `from_letters` and `to_letters` for translate(), and
    `pairs` for what becomes two letters. DuckDB has NFC but not NFKC, and its strip_accents also strips
    the vowel signs of Devanagari and Thai, so the folds are named here. Input is lower case.
#}
{% macro reason_letter_folds() -%}
    {#- Latin letters with accents or strokes; Greek tonos; Cyrillic yo. -#}
    {%- set accents = {
        "a": "àáâãäåāăąǎǟǡǻȁȃȧḁẚạảấầẩẫậắằẳẵặ",
        "b": "ḃḅḇ",
        "c": "çćĉċčḉ",
        "d": "ďđðḋḍḏḑḓ",
        "e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "f": "ƒḟ",
        "g": "ĝğġģǧǵḡ",
        "h": "ĥħȟḣḥḧḩḫẖ",
        "i": "ìíîïĩīĭįıǐȉȋḭḯỉịɨ",
        "j": "ĵǰ",
        "k": "ķǩḱḳḵ",
        "l": "ĺļľłḷḹḻḽ",
        "m": "ḿṁṃ",
        "n": "ñńņňǹṅṇṉṋ",
        "o": "òóôõöøōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợǿ",
        "p": "ṕṗ",
        "r": "ŕŗřȑȓṙṛṝṟ",
        "s": "śŝşšșſṡṣṥṧṩẛ",
        "t": "ţťŧțṫṭṯṱẗ",
        "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "v": "ṽṿ",
        "w": "ŵẁẃẅẇẉẘ",
        "x": "ẋẍ",
        "y": "ýÿŷȳẏẙỳỵỷỹ",
        "z": "źżžẑẓẕ",
        "α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ", "σ": "ς",
        "е": "ё",
    } -%}
    {#- Arabic, by code point, as text of two directions can't be read in a line of code. Alef with
        hamza or madda -> alef; alef maqsura, Farsi yeh, yeh with hamza -> yeh; waw with hamza -> waw;
        teh marbuta and the heh of Urdu and Kurdish -> heh; keheh -> kaf. A lone hamza is dropped. -#}
    {%- set arabic = {
        "\u0627": "\u0622\u0623\u0625\u0671",
        "\u064a": "\u0649\u06cc\u0626\u06d2",
        "\u0648": "\u0624",
        "\u0647": "\u0629\u06c1\u06be\u06d5",
        "\u0643": "\u06a9",
    } -%}
    {#- Other spellings of a code point: digits of four scripts, full-width Latin, and the Arabic
        presentation forms that PDF exports write (one a letter and position, from U+FE80 in the order
        of the alphabet; the numbers say how many forms a letter has). -#}
    {%- set form_counts = [
        1, 2, 2, 2, 2, 4, 2, 4, 2, 4, 4, 4, 4, 4, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4,
        4, 4, 4, 4, 4, 4, 4, 2, 2, 4,
    ] -%}
    {%- set folded = {} -%}
    {%- set folds = namespace(from_letters="", to_letters="", code_point=65152) -%}
    {%- for letter, variants in (accents.items() | list) + (arabic.items() | list) -%}
        {%- set folds.from_letters = folds.from_letters ~ variants -%}
        {%- set folds.to_letters = folds.to_letters ~ letter * (variants | length) -%}
        {%- for variant in variants -%}
            {%- do folded.update({variant: letter}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for zero in [1632, 1776, 2406, 65296] -%}
        {%- for digit in range(10) -%}
            {%- set folds.from_letters = folds.from_letters ~ "%c" | format(zero + digit) -%}
            {%- set folds.to_letters = folds.to_letters ~ digit -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for position in range(26) -%}
        {%- set folds.from_letters = folds.from_letters ~ "%c" | format(65345 + position) -%}
        {%- set folds.to_letters = folds.to_letters ~ "%c" | format(97 + position) -%}
    {%- endfor -%}
    {%- for letter in (range(1569, 1595) | list) + (range(1601, 1611) | list) -%}
        {%- set base = "%c" | format(letter) -%}
        {%- for form in range(form_counts[loop.index0]) -%}
            {%- if base != "\u0621" -%}
                {%- set form_letter = "%c" | format(folds.code_point) -%}
                {%- set folds.from_letters = folds.from_letters ~ form_letter -%}
                {%- set folds.to_letters = folds.to_letters ~ folded.get(base, base) -%}
            {%- endif -%}
            {%- set folds.code_point = folds.code_point + 1 -%}
        {%- endfor -%}
    {%- endfor -%}
    {#- Farsi keheh, yeh, and the full-width hyphen and underscore, which a prefix may end in. -#}
    {%- set folds.from_letters = folds.from_letters
        ~ "\ufb8e\ufb8f\ufb90\ufb91\ufbfc\ufbfd\ufbfe\ufbff\uff0d\uff3f" -%}
    {%- set folds.to_letters = folds.to_letters
        ~ "\u0643" * 4 ~ "\u064a" * 4 ~ "-_" -%}
    {{ return({
        "from_letters": folds.from_letters ~ "\u0621\ufe80",
        "to_letters": folds.to_letters,
        "pairs": [
            ["ß", "ss"], ["æ", "ae"], ["ǣ", "ae"], ["ǽ", "ae"], ["œ", "oe"], ["þ", "th"], ["ĳ", "ij"],
            ["ﬀ", "ff"], ["ﬁ", "fi"], ["ﬂ", "fl"], ["ﬃ", "ffi"], ["ﬄ", "ffl"], ["ﬆ", "st"],
        ] + [["\ufef5", "\u0644\u0627"], ["\ufef6", "\u0644\u0627"],
             ["\ufef7", "\u0644\u0627"], ["\ufef8", "\u0644\u0627"],
             ["\ufef9", "\u0644\u0627"], ["\ufefa", "\u0644\u0627"],
             ["\ufefb", "\u0644\u0627"], ["\ufefc", "\u0644\u0627"]],
    }) }}
{%- endmacro %}
