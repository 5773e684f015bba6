"""Phrases: what templates leave in a text, as data, in the languages in which they were seen.

One regular expression a line, without anchors: `lines` anchors them, matches whole lines and ignores case. A phrase
belongs here only where no sentence of an article could be the whole line. Kinds, from narrow to wide:

EDGE        buttons of a word or two; only near the ends of a text, for "Facebook" may be a heading within it
RESIDUE     whole lines, anywhere
LEAD_INS    openings of lines that lead elsewhere, before a colon or a dash ("Read more: …")
BARE_LEAD_INS
            those that need neither
LABELS      openings of lines that say who made a picture or a translation, before a colon
CREDITS     whole lines that say the same without a colon
IS          what follows a name where a line says who that is
OUTLET      openings of paragraphs that speak of the outlet, not of the news; only at the end of a text
"""


def patterns(text: str) -> tuple[str, ...]:
    """Return the lines of a table, without blank ones and comments."""
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("# "))


EDGE = patterns(
    r"""
    # share and tools
    share|tweet|retweet|print|e-?mail|save|bookmark|copy link|link copied!?|listen|watch|subscribe|login|log in
    sign in|register
    facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|instagram|youtube|flipboard|threads|bluesky
    messenger
    teilen|drucken|merken|vorlesen|kommentieren|feedback|compartir|comparte|imprimir|guardar|compartilhar|compartilhe
    partager|imprimer|enregistrer|condividi|stampa|salva|поделиться|распечатать|в закладки|поділитися|надрукувати
    udostępnij|drukuj|zapisz|delen|bewaren|afdrukken|dela|spara|skriv ut|del|sdílet|vytisknout|paylaş|yazdır|dalintis
    शेयर करें|साझा करें|שתף|שתפו|اشتراک[ \u200c]?گذاری|chia sẻ|แชร์|bagikan
    分享|列印|打印|シェア|印刷|共有|공유|인쇄|مشاركة|شارك|طباعة
    # comments
    comments?(?: \(?\d+\)?)?|\d+ comments?|kommentare?(?: \(?\d+\)?)?|\d+ kommentare?|comentarios?|commentaires?
    commenti
    комментарии|komentarze|reacties|reageer|yorumlar|コメント|评论|댓글
    # advertising
    ad|advertisements?|sponsored|promoted|anzeige|werbung|gesponsert|publicidad|publicidade|anuncio|publicité|annonce
    pubblicità|реклама|reklama|advertentie|annons|annonse|reklame|reklam|广告|廣告|広告|광고|إعلان
    # templates
    close|menu|search|home|next|previous|open|cancel|loading|tags?|topics?|themen|zurück|weiter|schließen|suche
    startseite
    fermer|cerrar|chiudi|закрыть|kapat|zamknij|sluiten|stäng|zavřít|related|trending|newsletters?|quelle
    image|picture|photo|video|audio|getty images
    """
)

RESIDUE = patterns(
    r"""
    # share and tools
    share (?:this|on|via|with friends)(?: (?:article|story|post|page|\w+))?|tweet this
    click to (?:share|print|e-?mail)(?: .{1,40})?
    (?:print|e-?mail|save|bookmark) (?:this|the) (?:article|story|page)|e-?mail to a friend|copy the link
    artikel (?:teilen|merken|drucken|anhören|vorlesen)|link kopieren|поделиться в соцсетях|скопировать ссылку
    del artikkel(?:en)?|sdílet článek|分享到|复制链接|シェアする|공유하기
    # comments
    leave a (?:reply|comment)(?: cancel reply)?|cancel reply|post (?:a )?comment|add (?:a )?comment
    your email address will not be published(?:\W+required fields are marked\W*)?|required fields are marked\W*
    (?:view|show|hide|read|see)(?: all)? (?:\d+ )?comments?|no comments(?: yet)?|be the first to comment
    comments (?:are closed|off)
    join the (?:conversation|discussion)|schreiben sie (?:einen|den ersten) kommentar|zu den kommentaren
    kommentar (?:schreiben|verfassen)|deja (?:un comentario|una respuesta)|laisser un commentaire|lascia un commento
    оставить комментарий|добавить комментарий|dodaj komentarz|yorum yap(?:ın)?
    # templates
    back to (?:the )?top(?: button)?|exit mobile version|skip to (?:main )?content|nach oben|zum seitenanfang
    zur(?:ück zur)? startseite
    scroll to continue(?: with content)?|story continues(?: below(?: advertisement)?)?|continue reading(?: below)?
    article continues (?:below|after)(?: (?:this|the))?(?: ad(?:vertisement)?)?|sponsored content
    promoted content|на правах рекламы
    externer inhalt(?: nicht verfügbar)?|empfohlener (?:externer|redaktioneller) inhalt
    inhalt (?:entsperren|laden|anzeigen)
    an dieser stelle (?:finden sie|findest du|befindet sich|steht) .{0,200}\b(?:externe\w*|inhalte?)\b.{0,200}
    ich bin damit einverstanden, dass mir (?:der |die )?externen? inhalte? .{0,280}|externe inhalte .{0,40}
    (?:ihr|dein) browser unterstützt .{2,120}|your browser does not support .{2,120}
    to (?:display|view|play|see) this (?:content|video|post|tweet)\b.{0,250}
    pour (?:afficher|visualiser|voir) ce(?:tte)? (?:contenu|vidéo|publication)\b.{0,250}
    para (?:ver|mostrar|visualizar) este (?:contenido|vídeo|video)\b.{0,250}
    per (?:vedere|visualizzare) questo (?:contenuto|video)\b.{0,250}
    (?:la suite|le reste) (?:de l'article )?après cette publicité|la suite après (?:la|cette) publicité
    publicité, (?:la )?suite .{0,30}|hauptinhalt|zum inhalt springen|aller au contenu|saltar al contenido
    image (?:source|caption), .{2,200}|dieses thema im programm:?.{0,200}
    zur anzeige aktiviere bitte die einstellungen .{0,80}|deine privatsphäre-einstellungen verhindern .{0,300}
    inhaltsverzeichnis|lesezeit:? .{1,20}|\d+ min(?:ute)?s? (?:read|lesezeit|de lecture|de lectura)|darum geht['’]?s
    please wait\W*|play video|this is a modal window\W*.{0,80}|image copyright .{2,60}|media caption .{0,200}
    # elsewhere
    related (?:articles?|stories|posts?|news|topics?|content|coverage|tags?|reading)
    more (?:stories|news|coverage|like this)
    more on this(?: story| topic)?|you (?:may|might) also like|recommended (?:for you|stories|reading|articles?)
    trending now
    most (?:read|popular|viewed)|popular stories|latest (?:news|stories)|top stories|editor'?s'? picks?|up next
    (?:what to )?read next|in this (?:article|story)|read more|read also|also read|see also|see more|learn more
    find out more
    show more|load more|view more|view gallery|watch (?:now|live|more|the video)|click here
    listen (?:now|to (?:this )?article)
    mehr zum thema(?: finden sie .{2,60})?|mehr (?:themen|artikel|nachrichten|texte|beiträge) (?:auf|von|aus|zu) .{2,40}
    lesen sie (?:auch|mehr)|auch interessant|das könnte (?:sie|dich) auch interessieren|zum thema
    weitere (?:artikel|themen|meldungen|nachrichten)|mehr (?:erfahren|lesen|anzeigen)|weiterlesen
    hier (?:klicken|lesen)
    jetzt (?:lesen|abonnieren|anmelden)|video (?:ansehen|abspielen)|(?:zur )?(?:bilder)?galerie
    themen in diesem artikel
    articles? (?:liés?|similaires?|associés?)|(?:à )?lire aussi|sur le même sujet|voir aussi|passer la publicité
    leer? (?:más|también)|te puede interesar|noticias? relacionadas?|contenidos? relacionados?
    más (?:noticias|información)|lea (?:también|además)
    leia (?:mais|também)|veja também|saiba mais|leggi anche|potrebbe interessarti(?: anche)?
    articol[io] correlat[io]|notizi[ae] correlat[ae]
    читайте также|читать далее|(?:материалы )?по теме|ещё по теме|еще по теме|подробнее|читайте також|дивіться також
    czytaj (?:więcej|także|też|również)|zobacz (?:także|też|również)|powiązane
    lees (?:ook|meer|verder)|meer over dit onderwerp|bekijk ook|läs (?:också|mer|även)|les (?:også|mer)
    læs (?:også|mere)
    lue (?:myös|lisää)|čtěte (?:také|více|též)|přečtěte si(?: také)?|mohlo by vás zajímat|související
    ayrıca (?:bakınız|oku(?:yun)?)|ilginizi çekebilir|devamını oku|skaitykite (?:taip pat|daugiau)
    lesa (?:meira|einnig)
    あわせて読みたい|関連記事|続きを読む|関連リンク|相关阅读|相關新聞|延伸閱讀|相关新闻|阅读更多|관련 ?기사|더 ?보기
    اقرأ أيضا|اقرأ المزيد|إقرأ أيضا
    # subscriptions
    subscribe (?:now|today|to (?:our|the) .{2,60})|sign up (?:now|here|for .{2,60})|follow us(?: on .{2,60})?
    join us on .{2,40}|download (?:the|our) app|get the app|newsletter abonnieren|jetzt newsletter abonnieren
    suscríbete|inscreva-se|s'abonner|abonnez-vous|abbonati|iscriviti|abonnieren|подписаться|подписывайтесь|abone ol
    # rights
    सर्वाधिकार सुरक्षित.{0,60}|כל הזכויות שמורות.{0,60}|جميع الحقوق محفوظة.{0,60}|تمامی حقوق .{0,80}محفوظ.{0,40}
    สงวนลิขสิทธิ์.{0,60}|đã đăng ký bản quyền|무단 ?전재.{0,30}금지.{0,30}|저작권자.{2,80}
    版权所有.{0,60}|版權所有.{0,60}|未经.{2,20}(?:授权|许可).{2,30}|(?:禁止|不得)(?:无断)?(?:转载|轉載).{0,20}|無断転載.{0,20}
    all rights reserved|alle rechte vorbehalten|todos los derechos reservados|tous droits réservés|все права защищены
    ©.{2,120}|copyright (?:©|\(c\)|\d{4}).{0,100}
    """
)

# Openings which need no colon or dash where the line has no full stop: no sentence begins so.
BARE_LEAD_INS = patterns(
    r"""
    (?:read|see) also|also read|(?:à )?(?:lire|voir|écouter) aussi|sur le même sujet|le[ae]r? también|lea además
    te puede interesar|leia também|veja também|leggi anche|lesen sie auch|lesen sie dazu|lies auch|auch interessant
    siehe auch|читайте (?:также|також)|смотрите также|дивіться також|czytaj (?:także|też|również)
    zobacz (?:także|też|również)|lees ook|bekijk ook|läs också|läs även|les også|læs også|lue myös
    čtěte (?:také|též)|přečtěte si také|čítajte aj|ayrıca oku(?:yun)?|skaitykite taip pat|baca juga|xem thêm
    citește și|прочетете още|διαβάστε (?:επίσης|ακόμ[αη])|اقرأ أيضا|اقرأ أيضاً
    """
)

LEAD_INS = patterns(
    r"""
    read(?: the)? (?:more|also|next|full (?:story|article|report)|related)(?: (?:on|about|from) [^:]{1,40})?
    also read|see (?:also|more)|more (?:on this|from [^:]{1,30}|news|like this)|must[- ]read|recommended(?: reading)?
    related(?: (?:articles?|stories|posts?|news|coverage))?|you (?:may|might) also like
    watch(?: (?:also|more|next|now))?
    learn more(?: here)?|find out more|further reading|in pictures|click here(?: (?:to|for) .{1,60})?
    lesen sie (?:auch|mehr|hier|dazu|weiter|hierzu|außerdem)(?: (?:auch|mehr|dazu|hier|zum thema))*|lies (?:auch|hier)
    mehr (?:zum thema|dazu|lesen|infos|erfahren|lesen sie hier)(?: [^:]{0,40})?|mehr (?:zu|über|aus|von) [^:.]{2,60}
    auch interessant|(?:das )?könnte (?:sie|dich) (?:auch )?interessieren|weiterlesen|passend dazu|dazu passend
    siehe auch
    zum (?:thema|artikel|weiterlesen)|hier lesen|lesetipp|video(?:tipp)?|podcast
    hier finden sie (?:auch|außerdem) .{1,80}
    (?:à )?lire (?:aussi|également|plus)|(?:à )?voir aussi|sur le même sujet|leer? (?:más|también|además)
    lea (?:también|además|más)|te puede interesar|vea también|más información|leia (?:mais|também|ainda)
    veja (?:também|mais)
    saiba mais|leggi (?:anche|pure|di più|qui)
    читайте (?:также|ещё|еще|подробнее|на тему)|читать (?:также|далее)|смотрите также|подробнее|по теме|см\. также
    читайте (?:також|також про)|дивіться також|чытайце таксама
    czytaj (?:więcej|także|też|również|dalej)|zobacz (?:także|też|również|więcej)
    przeczytaj (?:także|też|również)|polecamy
    lees (?:ook|meer|verder|hier)|bekijk ook|luister ook|läs (?:också|mer|även|vidare)|les (?:også|mer|meir)
    læs (?:også|mere)
    lue (?:myös|lisää)|čtěte (?:také|více|též|i)|přečtěte si(?: také| více| i)?|mohlo by vás zajímat
    čítajte (?:aj|viac|tiež)
    olvass(?:a|on)? (?:tovább|el)?|ayrıca (?:bakınız|okuyun|oku)|ilgili haber(?:ler)?|citește și
    прочетете (?:още|също)
    διαβάστε (?:επίσης|ακόμη|ακόμα)|skaitykite (?:taip pat|daugiau|plačiau)|loe ka|lasi (?:arī|vairāk)
    baca (?:juga|selengkapnya)|xem thêm|đọc thêm|อ่านเพิ่มเติม|soma (?:zaidi|pia)
    funda (?:futhi|kabanzi|olunye udaba lapha)
    (?:بیشتر|همچنین) بخوانید|یہ بھی پڑھیں
    اقرأ (?:أيضا|أيضاً|المزيد)|إقرأ أيضا|קרא(?:ו)? (?:גם|עוד)|यह भी पढ़ें
    相关阅读|延伸阅读|延伸閱讀|相關新聞|推荐阅读|関連記事|あわせて読みたい|【関連記事】|관련 ?기사
    """
)

LABELS = patterns(
    r"""
    (?:file |stock )?(?:photos?|pictures?|images?|photographs?|illustrations?|graphics?|screenshots?)
    (?:photo|image|picture|video) (?:by|credits?|courtesy(?: of)?|source|via)|credits?|source|sources?
    fotos?|bild(?:er)?|grafik|quellen?|bildquelle|bildnachweis|(?:symbol|archiv|titel)bild|(?:archiv|symbol)foto
    fotocredit
    fotografía|imagen|imágenes|créditos?|fuentes?|crédits?(?: photos?)?|fontes?|crediti|foto di
    фото|фотография|иллюстрация|источник(?: фото)?|снимок|изображение|джерело
    zdjęcie|fot\.?|źródło|zdroj|autor fotografie|fotoğraf|kaynak|görsel|bron|kilde|källa|šaltinis|nuotr\.?|ljósmynd
    责任编辑|責任編輯|责编|编辑|編輯|校对|校對|审核|審核
    写真(?:提供)?|撮影|提供|図|図表|출처|사진|图|图片|圖片|图源|来源|來源|ภาพ|الصورة|مصدر الصورة
    redaktion|schlussredaktion|faktencheck|lektorat|mitarbeit|recherche|korrektur|audioversion|bildredaktion
    fact[- ]check(?:ing|ed by)?|edited by|photo editing|editing by|reporting by|writing by|additional reporting by
    """
)

CREDITS = patterns(
    r"""
    (?:photograph|photo|image|picture|illustration) (?:by|courtesy of|via) [^.]{2,80}|\(c\) .{2,100}
    .{0,80}(?:/| via |© ?|: ?)getty images?\b.{0,40}|getty images?
    .{2,60}/(?:getty|afp|reuters|ap|dpa|epa|imago|keystone|shutterstock|istock|apa)(?: ?(?:images?|photo))?
    .{2,60}/picture alliance
    (?:afp|reuters|dpa|ap|epa|apa|ansa|efe|tass|тасс|bloomberg|getty|imago)(?:/(?:getty images|afp|reuters|ap|dpa|epa))+
    \(?mit (?:agentur)?material(?: (?:von|der) .{2,80})?\)?
    \(?mit (?:dpa|afp|reuters|ap|kna|epd|sid)(?:[ ,/].{2,60})?\)?
    \(?with (?:files|reports?|reporting|material|contributions?|additional reporting) (?:from|by) .{2,120}\)?
    \(?con información de .{2,80}\)?|\(?avec (?:l')?(?:afp|reuters|ap|agences?)\b.{0,60}\)?
    (?:additional )?(?:reporting|editing|writing) (?:by|from) .{2,120}
    """
)

OUTLET = patterns(
    r"""
    for (?:more|all|the latest) (?:news|stories|breaking|updates|of the latest)
    follow (?:us|@?\S+ on (?:twitter|x|facebook))
    sign up (?:to|for) (?:our|the|\S+ newsletter|newsletters?)|subscribe to (?:our|the)|get (?:our|all the latest)
    download (?:the|our) (?:app|free)|click here to|to (?:read|get|receive) .{0,40}(?:newsletter|subscribe|click here)
    stay (?:up to date|informed) with|like us on|join our|check out (?:more|our)|want more
    have you got (?:a|an)? ?(?:story|tip|news)|do you have (?:a|an) (?:story|tip)|got a (?:story|tip|news tip)
    have a (?:story|tip)
    contact (?:us|the (?:author|reporter|newsroom)) (?:at|by|via|on)|e-?mail (?:us|the author) at
    send (?:us|your) (?:tips?|letters)
    support (?:our|independent) journalism|the post .{5,200} appeared first|about the author:
    (?:this|the) (?:article|story|post) (?:\w+ ){1,3}(?:re)?(?:published|posted) (?:on|in|by|at|from|under|with)
    (?:first|originally) published (?:on|in|by|at)|read the original (?:article|story|report)
    (?:lies|lest|lesen sie) (?:hier )?den original(?:artikel|text)|über dieses thema berichtete?
    folgen sie (?:uns|der|dem)|abonnieren sie|abonniere|melden sie sich (?:hier|jetzt|für)
    bestellen sie (?:hier|jetzt|unseren)
    jetzt (?:abonnieren|testen|anmelden|lesen|kostenlos)|mehr (?:nachrichten|news|aktuelle)
    alle (?:nachrichten|news|infos) (?:zu|aus|im)
    aktuelle (?:nachrichten|news)|haben sie (?:fragen|hinweise|anregungen|tipps|einen fehler)
    sie (?:haben|wollen) (?:fragen|hinweise)
    ihre meinung ist|schreiben sie uns|senden sie (?:uns|ihre)|verpassen sie (?:keine|nicht)|bitte beachten
    dieser (?:text|artikel|beitrag) (?:ist |erschien |wurde |erscheint )?(?:zuerst|zuvor|ursprünglich|bereits)
    síguenos|suscríbete|únete a|recibe (?:nuestr|las noticias|en tu)|suivez(?:-nous| l)|abonnez-vous
    inscrivez-vous|seguici
    iscriviti|inscreva-se|acompanhe (?:o|a|as|os) .{2,40} (?:no|nas)|подпис(?:ывайтесь|аться) на
    следите за (?:нами|новостями)
    наш (?:канал|телеграм)|присылайте|sledujte nás|obserwuj nas|volg ons|følg oss|følg os|följ oss|takip edin
    """
)

IS = patterns(
    r"""
    is (?:an?|the|one|founder|head|director|professor|author|editor|based|currently|also)|was (?:born|the|an?)
    writes|works|covers|reports|teaches|lives|has (?:been|written|worked|covered)|joined
    ist|arbeitet|schreibt|leitet|lehrt|lebt|est|travaille|enseigne|es|trabaja|escribe|è|lavora|scrive|é|trabalha
    is een|werkt|schrijft|är|arbetar|er|jest|pracuje|pisze
    """
)
