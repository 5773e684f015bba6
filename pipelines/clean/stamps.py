"""Stamps: lines that say when a page was changed, or how often it was read, in the languages in which they were seen.

Each minute would make another article of a page that keeps them in its text.

STAMPED     words beside a date or a time that say when a page was written or changed
AGO         whole lines, or parts of them, that say how long ago
COUNTERS    whole lines that count readers, comments or minutes

"N" stands for a number.
"""

import re

from pipelines.clean.phrases import patterns

_MAX_STAMP = 120  # characters
_BESIDE_WORDS = 14  # letters beside "updated" and a date: a weekday, "on", "at"
_BESIDE_DATE = 10  # letters beside a date that stands alone
_NUMBER = r"\d[\d.,'’ \u00a0\u202f]*(?:k|m|mio|mln|tsd|тыс|万|萬)?\.?"
_DATE = re.compile(
    r"\d{4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}日?|\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{2,4}"
    r"|\d{4}년 ?\d{1,2}월 ?\d{1,2}일|\d{1,2}\.? (?:de )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_CLOCK = re.compile(
    r"\d{1,2}\s?[:.h時시]\s?\d{2}(?::\d{2})?\s?(?:分|분)?"
    r"\s?(?:[ap]\.?m\.?|uhr|hrs?|[A-Z]{3,4}\b|\(?(?:GMT|UTC)[+-]?\d*\)?)?",
    re.IGNORECASE,
)

STAMPED = patterns(
    r"""
    (?:last |first )?(?:updated?|modified|published|posted|created|edited|changed|revised|issued)(?: (?:on|at))?
    (?:last |latest )?(?:update|modification|publication)|date|as of|up to date
    (?:zuletzt |erstmals )?(?:aktualisiert|geändert|bearbeitet|veröffentlicht|publiziert|erstellt|erschienen)(?: am)?
    (?:letzte[sr]? |artikel vom )?(?:aktualisierung|update|änderung|stand|datum)|stand vom|artikel vom|uhr|heute
    gestern
    (?:mis(?:e)? à jour|publiée?|modifiée?|posté|créé|paru|actualisé)(?: le)?|dernière (?:mise à jour|modification)
    (?:actualizad[oa]|publicad[oa]|modificad[oa]|cread[oa])(?: el)?|última (?:actualización|modificación)|hoy|horas?
    (?:atualizad[oa]|publicad[oa]|modificad[oa])(?: em)?|última atualização|postado em|fecha|data|hrs
    (?:aggiornat[oa]|pubblicat[oa]|modificat[oa]|creat[oa])(?: il)?|ultim[oa] (?:aggiornamento|modifica)|alle|ore
    (?:bijgewerkt|gepubliceerd|gewijzigd|geplaatst|laatste update)(?: op)?|laatst (?:bijgewerkt|gewijzigd)(?: op)?
    (?:uppdaterad|publicerad|ändrad)|senast uppdaterad|oppdatert|publisert|sist oppdatert|(?:sidst )?opdateret
    offentliggjort|udgivet|päivitetty|julkaistu|uppfært|birt|обновлено|опубликовано|изменено|(?:дата )?публикаци[яи]
    дата|сегодня|вчера|оновлено|опубліковано|(?:ostatnia )?(?:aktualizacja|modyfikacja)|zaktualizowano|opublikowano
    data publikacji|aktualizováno|publikováno|vydáno|aktualizované|publikované|frissítve|közzétéve|actualizat|publicat
    обновена|публикувана|ενημερώθηκε|δημοσιεύθηκε|atnaujinta|paskelbta|atjaunots|publicēts|uuendatud|avaldatud
    (?:son )?güncelleme(?: tarihi)?|güncellendi|yayınlan(?:ma|dı)(?: tarihi)?|giriş|diperbarui|diterbitkan|wib
    cập nhật|đăng lúc|เผยแพร่|อัปเดต(?:ล่าสุด)?|更新(?:日時|日|时间|時間|于)?|公開(?:日時|日)?|配信|发布(?:时间|于)?
    發布(?:時間)?|发表于
    最終更新(?:日)?|입력|수정|등록|업데이트|최종수정|기사입력|기사수정|آخر تحديث|تحديث|نشر(?: في)?|تاريخ النشر
    به ?روزرسانی|انتشار|עודכן|פורסם|अपडेट(?:ेड)?|प्रकाशित|অপডেট|প্রকাশ(?:িত)?|اپ ڈیٹ
    """
)

# Beside a number: how long ago. A sentence that says it goes on; a stamp does not.
AGO = patterns(
    r"""
    N (?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)\.? ago|(?:just|right) now
    vor (?:N|einer?) (?:sekunden?|min(?:uten?)?|std|stunden?|tagen?|wochen?|monat(?:en)?)\.?
    il y a (?:N|une?) (?:secondes?|min(?:utes?)?|h|heures?|jours?|semaines?|mois)\.?
    hace (?:N|una?) (?:segundos?|min(?:utos?)?|horas?|días?|semanas?|mes(?:es)?)
    há (?:N|uma?) (?:segundos?|min(?:utos?)?|horas?|dias?|semanas?|m[êe]s(?:es)?)
    N (?:secondi|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]) fa|(?:N|een) (?:minuten|minuut|uur|dagen|dag) geleden
    (?:för )?N (?:minuter?|timmar?|dagar?) sedan|(?:for )?N (?:minutt(?:er)?|timer?|dager?|dage) siden
    N (?:minuuttia|tuntia|päivää) sitten|N (?:секунд|минут|час|дн|день)\w* назад|N (?:хвилин|годин|дн)\w* тому
    N (?:minut|godzin|dni)\w* temu|(?:před|pred) N (?:minut|hodin|dny|dňami)\w*|N (?:dakika|saat|gün) önce
    N (?:perccel|órával|nappal) ezelőtt|acum N (?:minute|ore|zile)|πριν (?:από )?N (?:λεπτά|ώρες|ημέρες)|prieš N \w+\.?
    N (?:menit|jam|hari)(?: yang)? lalu|N (?:phút|giờ|ngày) trước|N ?(?:นาที|ชั่วโมง|วัน)(?:ที่แล้ว|ที่ผ่านมา)
    N ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日)(?:钟|鐘)?前|N ?(?:분|시간|일) 전|(?:قبل|منذ) N \w+
    N (?:मिनट|घंटे|दिन) पहले
    לפני N \w+|N (?:মিনিট|ঘণ্টা|দিন) আগে
    """
)

COUNTERS = patterns(
    r"""
    N (?:views?|reads?|readers?|shares?|likes?|comments?|reactions?|retweets?|followers|interactions|votes?)
    (?:views?|reads?|shares?|likes?|hits|comments?)\W{0,3}N
    N (?:people|users|readers) (?:have |are )?(?:read|lik|shar|view|found|react|talk|comment|visit|watch)\w* ?.{0,20}
    read(?:ing)? time\W*N.{0,12}
    (?:est(?:imated)? )?N[- ]min(?:ute)?s?(?: of)? read(?:ing)?(?: time)?|(?:viewed|read|shared) N times|page views\W*N
    N (?:aufrufe?|leser|mal gelesen|mal geteilt|kommentare?|reaktionen)
    N (?:personen|menschen|leute|leser) (?:haben|lesen|finden) .{0,30}
    (?:aufrufe|gelesen|kommentare)\W{0,3}N(?: mal)?|(?:ca\. )?N min(?:uten?)?\.? (?:lesezeit|lesedauer)
    (?:geschätzte )?(?:lesezeit|lesedauer)\W*(?:ca\.? ?)?N.{0,12}
    N (?:vues?|lectures?|partages?|commentaires?|réactions?)|N personnes (?:ont|lisent) .{0,20}
    (?:vues?|lu) N(?: fois)?
    (?:temps de )?lecture\W*N.{0,10}|N min(?:utes?)? de (?:lecture|lectura|leitura|lettura)
    N (?:vistas|visitas|lecturas|compartidos|comentarios|veces compartido)|N personas (?:han|leen|están) .{0,20}
    (?:tiempo de lectura|tempo de leitura|tempo di lettura|leestijd|lästid|lesetid|læsetid)\W*N.{0,12}
    N (?:visualizações|visualizzazioni|letture|condivisioni|compartilhamentos|commenti|comentários)
    N (?:persone|pessoas) (?:hanno|stanno|leram|curtiram|estão) .{0,20}
    N (?:keer gelezen|reacties|weergaven|visningar|visninger|kommentarer|delningar|katselukertaa)
    (?:просмотр(?:ов|ы|а)?|прочитали|прочитано|комментари(?:ев|и|й)|перегляд(?:ів|и))\W{0,3}N(?: раз)?
    N (?:просмотр|комментари|перегляд|человек прочита|чел\.)\w*|время (?:на )?чтени[яе]\W*N.{0,12}
    N (?:wyświetle|komentarz|udostępnie|odsłon)\w*|(?:wyświetleń|odsłon)\W{0,3}N|czas czytania\W*N.{0,12}
    N (?:zobrazení|komentářů|přečtení|okunma|görüntülenme|yorum|dilihat|lượt xem)
    (?:okunma|dibaca|lượt xem)\W{0,3}N(?: kali)?
    (?:okuma süresi|waktu baca|doba čtení)\W*N.{0,12}
    (?:阅读|閱讀|浏览|瀏覽|点击|點擊|评论|評論|观看|人气)(?:量|数|數|次数)?\W{0,3}N(?:次)?
    N ?(?:次|人)?(?:阅读|閱讀|浏览|瀏覽|观看|看过|已读)|N ?(?:閲覧|ビュー|件のコメント)|閲覧数\W{0,3}N
    読了時間\W*N.{0,6}
    조회(?:수)?\W{0,3}N|댓글\W{0,3}N|(?:المشاهدات|مشاهدات|القراءات|عدد القراء)\W{0,3}N|N (?:مشاهدة|قراءة|تعليق|بازدید)
    (?:views|reads|shares)\W*N\W+(?:views|reads|shares|comments)\W*N
    """
)

_AGO = re.compile("|".join(AGO).replace("N", _NUMBER), re.IGNORECASE)
_COUNTER = re.compile(rf"[\W_]*(?:{'|'.join(COUNTERS).replace('N', _NUMBER)})[\W_]*", re.IGNORECASE)
_STAMPED = re.compile(rf"(?<!\w)(?:{'|'.join(STAMPED)})(?!\w)", re.IGNORECASE)


def is_stamp(text: str, *, is_bare_enough: bool) -> bool:
    """Return whether a line is a stamp or a counter and nothing else.

    is_bare_enough: a date alone is one, as it is at an end of a text; among its paragraphs it may part a chronicle.
    """
    if len(text) > _MAX_STAMP or not any(map(str.isdigit, text)):
        return False
    if _COUNTER.fullmatch(text):
        return True
    rest, ago_count = _AGO.subn(" ", text)
    rest, date_count = _DATE.subn(" ", rest)
    rest, clock_count = _CLOCK.subn(" ", rest)
    if not ago_count + date_count + clock_count or text.endswith(("?", "!")):
        return False
    rest, word_count = _STAMPED.subn(" ", rest)
    letters = sum(map(str.isalpha, rest))
    if word_count or ago_count:
        return letters <= _BESIDE_WORDS
    return is_bare_enough and letters <= _BESIDE_DATE
