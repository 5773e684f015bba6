"""Phrases: what templates leave in a text, as data, in the languages it was met in.

Three kinds, from narrow to wide. A *residue* is a whole line. A *lead-in* opens a line that points elsewhere
("Read more: …"). A *credit* opens or is a line that says who made a picture or who carried the news. Each entry is a
regular expression without anchors; the rules anchor it. Conservative: a phrase belongs here only where no sentence
of an article could be the whole line.
"""

RESIDUE = (
    # Share bars
    r"share(?: this)?(?: (?:article|story|post|page|on|via|with friends))?", r"share (?:on|via|to) \w+", r"tweet", r"retweet",
    r"share on (?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit)", r"(?:copy|get) (?:the )?link", r"link copied!?",
    r"(?:click to )?(?:print|email|e-mail|share|save|bookmark|copy)(?: (?:this|the) (?:article|story|page|link))?",
    r"email (?:this )?(?:article|to a friend)?", r"facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|instagram|youtube|flipboard",
    r"teilen|drucken|merken|vorlesen|kommentieren|artikel (?:teilen|merken|drucken|anhören|vorlesen)", r"link kopieren", r"feedback",
    r"compartir|comparte|compartilhar?|compartilhe|imprimir|guardar", r"partager|imprimer|enregistrer", r"condividi|stampa|salva",
    r"поделиться(?: в соцсетях)?|распечатать|скопировать ссылку|в закладки", r"поділитися|надрукувати", r"udostępnij|drukuj|zapisz",
    r"delen|bewaren|afdrukken", r"dela|spara|skriv ut", r"del artikkel(?:en)?|del", r"sdílet|vytisknout|sdílet článek", r"paylaş|yazdır",
    r"dalintis|spausdinti", r"分享|分享到|列印|打印|复制链接", r"シェア(?:する)?|印刷|共有", r"공유(?:하기)?|인쇄", r"مشاركة|شارك|طباعة",
    # Comments
    r"leave a (?:reply|comment)(?: cancel reply)?", r"cancel reply", r"your email address will not be published",
    r"(?:your email address will not be published\W+)?required fields are marked\W*", r"post (?:a )?comment", r"(?:view|show|hide|read|see)(?: all)? comments?",
    r"comments?(?: \(?\d+\)?)?", r"\d+ comments?", r"no comments(?: yet)?", r"be the first to comment", r"join the (?:conversation|discussion)",
    r"comments (?:are closed|off)", r"add (?:a )?comment", r"kommentare?(?: \(?\d+\)?)?(?: (?:anzeigen|lesen))?", r"\d+ kommentare?", r"schreiben sie (?:einen|den ersten) kommentar",
    r"zu den kommentaren", r"kommentar (?:schreiben|verfassen)", r"deja (?:un comentario|una respuesta)", r"comentarios?", r"laisser un commentaire", r"commentaires?",
    r"lascia un commento", r"commenti", r"оставить комментарий|комментарии|добавить комментарий", r"dodaj komentarz|komentarze", r"reageer|reacties", r"yorum yap(?:ın)?|yorumlar",
    # Furniture
    r"back to (?:the )?top(?: button)?", r"exit mobile version", r"skip to (?:main )?content", r"scroll to continue(?: with content)?", r"story continues(?: below(?: advertisement)?)?",
    r"article continues (?:below|after)(?: (?:this|the))?(?: ad(?:vertisement)?)?", r"continue reading(?: below)?", r"advertisements?|sponsored(?: content)?|promoted(?: content)?|ad",
    r"anzeige|werbung|gesponsert", r"nach oben|zum seitenanfang|zur startseite|zurück zur startseite", r"publicidad|publicidade|anuncio", r"publicité|annonce", r"pubblicità",
    r"реклама|на правах рекламы", r"reklama", r"advertentie", r"annons|annonse|reklame", r"reklam|ilan", r"广告|廣告", r"広告", r"광고", r"إعلان",
    r"(?:this|the) (?:article|post|story|content) (?:was|is) (?:originally|first) (?:published|posted) (?:on|in|by|at) .{2,80}",
    r"mehr zum thema|lesen sie (?:auch|mehr)|auch interessant|das könnte (?:sie|dich) auch interessieren|weitere (?:artikel|themen|meldungen|nachrichten)|zum thema|themen(?: in diesem artikel)?",
    r"darum geht(?:'|’)?s|externer inhalt(?: nicht verfügbar)?|empfohlener (?:externer|redaktioneller) inhalt|inhalt (?:entsperren|laden|anzeigen)|inhaltsverzeichnis|lesezeit:? .{1,20}",
    r"related(?: (?:articles?|stories|posts?|news|topics?|content|coverage|tags?|reading))?|more (?:stories|news|on this(?: story| topic)?|from .{2,40}|like this|coverage)|(?:you (?:may|might) also like|recommended(?: (?:for you|stories|reading|articles?))?|trending(?: now)?|most (?:read|popular|viewed)|popular (?:stories|now)|latest (?:news|stories)|top stories|don't miss|editor'?s'? picks?|up next|read next|what to read next|in this (?:article|story)|topics|tags)",
    r"articles? (?:liés?|similaires?|associés?)|à lire aussi|lire aussi|sur le même sujet|voir aussi", r"leer? (?:más|también)|te puede interesar|noticias relacionadas|más (?:noticias|información)|lea (?:también|además)",
    r"leia (?:mais|também)|veja também|saiba mais", r"leggi anche|potrebbe interessarti(?: anche)?|articoli correlati", r"читайте также|читать далее|по теме|материалы по теме|ещё по теме|еще по теме|подробнее",
    r"читайте також|дивіться також", r"czytaj (?:więcej|także|też|również)|zobacz (?:także|też|również)|powiązane", r"lees (?:ook|meer|verder)|meer over dit onderwerp|bekijk ook", r"läs (?:också|mer|även)",
    r"les (?:også|mer)", r"læs (?:også|mere)", r"lue (?:myös|lisää)", r"čtěte (?:také|více|též)|přečtěte si(?: také)?|mohlo by vás zajímat|související", r"ayrıca (?:bakınız|oku(?:yun)?)|ilginizi çekebilir|devamını oku",
    r"skaitykite (?:taip pat|daugiau)", r"lesa (?:meira|einnig)", r"あわせて読みたい|関連記事|続きを読む|関連リンク", r"相关阅读|相關新聞|延伸閱讀|相关新闻|阅读更多", r"관련 ?기사|더 ?보기", r"اقرأ أيضا|اقرأ المزيد|إقرأ أيضا",
    r"read more|read also|also read|see also|see more|learn more|find out more|show more|load more|view more|view gallery|watch(?: now| live| more| the video)?|click here|listen(?: now| to (?:this )?article)?",
    r"mehr (?:erfahren|lesen|anzeigen)|weiterlesen|hier (?:klicken|lesen)|jetzt (?:lesen|abonnieren|anmelden)|video (?:ansehen|abspielen)|bildergalerie|zur (?:bilder)?galerie|quelle",
    # Calls to subscribe
    r"subscribe(?: now| today| to (?:our|the) .{2,60})?|sign (?:up|in)(?: (?:now|here|for .{2,60}))?|log in|login|register|newsletters?|follow us(?: on .{2,60})?|join us(?: on .{2,40})?|download (?:the|our) app|get the app",
    r"suscríbete|inscreva-se|assine|s'abonner|abonnez-vous|abbonati|iscriviti|abonnieren|newsletter abonnieren|подписаться|подписывайтесь|abone ol|subskrybuj|prenumerera|abonneer",
    r"(?:image|picture|photo|video|audio)(?: source| caption| gallery)?|getty images|image copyright .{2,60}|media caption .{0,200}|loading\W*|please wait\W*|play video|this is a modal window\W*.{0,80}",
    r"close|menu|search|home|next|previous|open|cancel|ok|zurück|weiter|schließen|suche|startseite|fermer|cerrar|chiudi|закрыть|kapat|zamknij|sluiten|stäng|zavřít",
    r"all rights reserved\W*|©.{2,120}|copyright ©?.{2,100}|alle rechte vorbehalten|todos los derechos reservados|tous droits réservés|все права защищены",
)  # fmt: skip

# Anchored at the start, with a colon, dash or arrow after it, and the rest of the line, at most 200 characters.
LEAD_INS = (
    r"read(?: the)? (?:more|also|next|full (?:story|article|report)|related)(?: (?:on|about|from) [^:]{1,40})?", r"also read", r"see (?:also|more)", r"more (?:on this|from [^:]{1,30}|news|like this)", r"related(?: (?:articles?|stories|posts?|news|coverage))?",
    r"must[- ]read", r"don't miss", r"recommended(?: reading)?", r"you (?:may|might) also like", r"watch(?: (?:also|more|next|now))?", r"listen", r"learn more(?: here)?", r"find out more", r"further reading", r"in pictures", r"explained", r"click here(?: (?:to|for) .{1,60})?",
    r"lesen sie (?:auch|mehr|hier|dazu|weiter|hierzu|außerdem)(?: (?:auch|mehr|dazu|hier|zum thema))*", r"lies (?:auch|hier)", r"mehr (?:zum thema|dazu|lesen|infos|erfahren|lesen sie hier)(?: [^:]{0,40})?", r"mehr (?:zu|über|aus|von) [^:.]{2,60}", r"auch interessant", r"(?:das )?könnte (?:sie|dich) (?:auch )?interessieren", r"weiterlesen", r"passend dazu", r"zum (?:thema|artikel|weiterlesen)", r"hintergrund", r"siehe auch", r"hier lesen", r"dazu passend", r"lesetipp", r"video(?:tipp)?", r"interaktiv", r"podcast",
    r"(?:à )?lire (?:aussi|également|plus)", r"(?:à )?voir aussi", r"sur le même sujet", r"leer? (?:más|también|además)", r"lea (?:también|además|más)", r"te puede interesar", r"vea también", r"más información", r"leia (?:mais|também|ainda)", r"veja (?:também|mais)", r"saiba mais", r"leggi (?:anche|pure|di più|qui)",
    r"читайте (?:также|ещё|еще|подробнее|на тему)", r"читать (?:также|далее)", r"смотрите также", r"подробнее", r"по теме", r"см\. также", r"читайте (?:також|також про)", r"дивіться також", r"чытайце таксама",
    r"czytaj (?:więcej|także|też|również|dalej)", r"zobacz (?:także|też|również|więcej)", r"przeczytaj (?:także|też|również)", r"polecamy", r"lees (?:ook|meer|verder|hier)", r"bekijk ook", r"luister ook", r"läs (?:också|mer|även|vidare)", r"les (?:også|mer|meir)", r"læs (?:også|mere)", r"lue (?:myös|lisää)",
    r"čtěte (?:také|více|též|i)", r"přečtěte si(?: také| více| i)?", r"mohlo by vás zajímat", r"čítajte (?:aj|viac|tiež)", r"olvass(?:a|on)? (?:tovább|el)?", r"ayrıca (?:bakınız|okuyun|oku)", r"ilgili haber(?:ler)?", r"citește și", r"прочетете (?:още|също)", r"διαβάστε (?:επίσης|ακόμη|ακόμα)", r"skaitykite (?:taip pat|daugiau|plačiau)", r"loe ka", r"lasi (?:arī|vairāk)", r"baca (?:juga|selengkapnya)", r"xem thêm", r"đọc thêm", r"อ่านเพิ่มเติม", r"soma (?:zaidi|pia)", r"funda (?:futhi|kabanzi|olunye udaba lapha)",
    r"اقرأ (?:أيضا|أيضاً|المزيد)", r"إقرأ أيضا", r"קרא(?:ו)? (?:גם|עוד)", r"यह भी पढ़ें", r"相关阅读|延伸阅读|延伸閱讀|相關新聞|推荐阅读", r"関連記事|あわせて読みたい|【関連記事】", r"관련 ?기사",
)  # fmt: skip

# Whole short lines which say who made a picture, or whose news it is.
CREDITS = (
    r"(?:photos?|pictures?|images?|video|file photo|illustration|graphic|credit|image credit|photo credit|photograph|screenshot)(?: (?:by|credit|courtesy(?: of)?|from|source|via))?\s*[:/|–-]\s*.{2,100}",
    r"(?:photograph|photo|image|picture|illustration) (?:by|courtesy of|via|from|credit) .{2,80}", r"(?:foto|fotos|bild|bilder|grafik|quelle|bildquelle|symbolbild|archivbild|archivfoto|symbolfoto|fotocredit|titelbild)\s*[:©/|]\s*.{2,100}",
    r"(?:foto|fotografía|imagen|imágenes|crédito|créditos|fuente)\s*[:/|]\s*.{2,100}", r"(?:crédits? photos?|photos?|©|crédits?|image|source)\s*[:/|©]\s*.{2,100}", r"(?:фото|фотография|иллюстрация|источник фото|снимок|изображение)\s*[:/|]\s*.{2,100}",
    r"(?:zdjęcie|fot\.|foto|źródło)\s*:?\s*.{2,80}", r"(?:zdroj|foto|autor fotografie)\s*:\s*.{2,80}", r"(?:fotoğraf|kaynak|görsel)\s*:\s*.{2,80}", r"(?:写真|写真提供|撮影|提供|출처|사진)\s*[:：=／/].{1,80}", r"(?:图|图片|圖片|图源|来源|來源)\s*[:：/].{1,60}",
    r"(?:source|quelle|quellen|fuente|fonte|источник|kaynak|bron|kilde|källa|šaltinis|zdroj|źródło)\s*[:：]\s*.{2,100}",
    r"©\s*.{2,120}", r"\(c\) .{2,100}", r"copyright\s.{2,120}", r".{0,80}\bgetty images?\b.{0,60}", r".{2,60}/(?:getty|afp|reuters|ap|dpa|epa|picture alliance|imago|keystone|shutterstock|istock|apa)(?: ?(?:images?|photo|via .{2,40}))?",
    r"(?:afp|reuters|dpa|ap|epa|apa|ansa|efe|tass|тасс|bloomberg|getty|imago)(?:[/ ](?:getty images|via .{2,40}|afp|reuters|ap|dpa|epa))+",
    r"\(?(?:mit (?:material|agenturmaterial)|mit (?:dpa|afp|reuters|ap|kna|epd)|with (?:files|reports?|reporting|material|contributions?|additional reporting) (?:from|by)|con información de|avec|additional reporting by|reporting by|editing by|writing by)\b.{0,160}\)?",
    r"\(?(?:redaktion|übersetzung|faktencheck|schlussredaktion|lektorat|mitarbeit|recherche|text|korrektur|fact[- ]check(?:ed by|ing)?|edited by|translated by|translation|photo editing|graphics)\s*[:：]\s*.{2,160}\)?",
)  # fmt: skip

# Openings of whole paragraphs that speak of the outlet, not of the news; only near the end of a text.
TAIL_OPENINGS = (
    r"(?:for (?:more|all|the latest) (?:news|stories|breaking|information|updates|of the)|follow (?:us|\S+ on|the \S+)|sign up (?:to|for)|subscribe to|get (?:the latest|our|all the)|download (?:the|our)|click here|to (?:read|get|receive|subscribe)\b.{0,40}(?:newsletter|subscribe|here)|stay (?:up to date|informed|tuned)|like us on|join our|check out (?:more|our)|want (?:more|to)|have (?:you got|a (?:story|tip))|do you have|got a (?:story|tip|news tip)|contact (?:us|the author|the reporter)|email (?:us|the author)|send (?:us|your)|support (?:our|independent)|this (?:article|story|post|content) (?:was|is|has been|originally|first)|the post .{5,200} (?:appeared|first)|©|copyright|all rights reserved|disclaimer|editor'?s'? note|correction|about the author)\b.{0,400}",
    r"(?:folgen sie|abonnieren sie|abonniere|melden sie sich|bestellen sie|jetzt (?:abonnieren|testen|anmelden|lesen|kostenlos)|dieser (?:text|artikel|beitrag) (?:ist|erschien|wurde|erscheint|stammt)|dies ist eine (?:maschinelle|automatische)|mehr (?:nachrichten|news|aktuelle)|alle (?:nachrichten|news|infos)|aktuelle (?:nachrichten|news)|hinweis(?: der redaktion)?:|transparenzhinweis|sie (?:haben|wollen) (?:fragen|hinweise|einen fehler|anregungen)|ihre meinung ist|haben sie|schreiben sie uns|senden sie|newsletter|bitte beachten|verpassen sie|laden sie|dieser inhalt|zur anzeige aktiviere|deine privatsphäre)\b.{0,400}",
    r"(?:síguenos|suscríbete|recibe|únete|suivez|abonnez|inscrivez|seguici|iscriviti|siga|inscreva|acompanhe|подпис(?:ывайтесь|аться)|следите за|наш(?:и)? (?:канал|телеграм)|присылайте|sledujte|obserwuj|volg ons|følg|följ oss|takip edin)\b.{0,300}",
)  # fmt: skip
