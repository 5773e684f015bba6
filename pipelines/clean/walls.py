"""Walls: what pages say that are no articles, as data, in the languages in which they were seen.

One regular expression a line, searched for anywhere, case ignored.
"""

from pipelines.clean.phrases import patterns

# Several of these in a short text; a single one also stands in articles about the subject.
CONSENT = patterns(
    r"""
    we and our (?:\d+ )?(?:\w+ )?partners|store (?:and/or|and|or) access information on (?:a|your) device
    cookies and similar technologies|accept all|reject all|manage (?:options|preferences|cookies|settings)
    personali[sz]ed (?:ads?|advertis\w+) and content|legitimate interests?|withdraw your consent
    change your preferences|refuse to consent|with your (?:consent|permission)
    process(?:ing of)? (?:your )?personal data|precise (?:geo)?location data|before you continue
    (?:wir und )?unsere (?:\d+ )?partner|informationen auf (?:einem|ihrem) gerät|alle akzeptieren
    akzeptieren und weiter|zustimmen und weiter|mit werbung (?:und cookies )?(?:weiter)?lesen|ohne tracking|pur-abo
    ihre einwilligung|einwilligung widerrufen|personalisierte (?:werbung|anzeigen)|berechtigte[sn]? interesse[ns]?
    datenschutzeinstellungen|privatsphäre-einstellungen|nous et nos (?:\d+ )?partenaires|tout accepter
    accepter et fermer|continuer sans accepter|stocker et/ou accéder à des informations
    publicités? (?:et contenus? )?personnalisée?s|votre consentement|nosotros y nuestros (?:\d+ )?socios
    aceptar (?:todo|y continuar|todas)|almacenar (?:o acceder|y/o acceder) a? ?información|publicidad personalizada
    anuncios personalizados|su consentimiento|tu consentimiento|noi e i nostri (?:\d+ )?(?:partner|fornitori)
    accetta (?:tutto|tutti|e continua)|archiviare (?:informazioni|e/o accedere)|wij en onze (?:\d+ )?partners
    alles accepteren|akkoord en doorgaan|my i nasi (?:\d+ )?partnerzy|nasi zaufani partnerzy
    akceptuj(?:ę)? (?:wszystkie|i przejdź)|przejdź do serwisu|мы и наши партн[её]ры|принять все
    согласен на обработку|файлы cookie|vi och våra (?:\d+ )?partner|vi og våre (?:\d+ )?partnere|godkänn alla
    godta alle|accepter alle|přijmout vše|souhlasím|nós e os nossos (?:\d+ )?parceiros|aceitar (?:tudo|todos)
    tümünü kabul et|çerez(?:ler)?i kabul|kişiselleştirilmiş reklam|kişisel veriler\w* işle|onayınızı geri
    verarbeiten (?:wir )?(?:ihre )?personenbezogenen? daten
    stockons et/ou accédons|trait(?:ons|ent) (?:des|les|vos) données personnelles|retirer votre consentement
    données de géolocalisation précises
    almacenamos (?:o|y/o) accedemos|(?:procesamos|tratamos) (?:los |sus )?datos personales
    anuncios y contenidos? personalizados|retirar (?:su|tu) consentimiento|localización geográfica precisa
    archiviamo (?:e/o accediamo|informazioni)|annunci e contenuti personalizzati|trattiamo (?:i )?dati personali
    (?:il tuo|il suo|tuo) consenso|rifiuta e abbonati
    informatie op een apparaat|gepersonaliseerde advertenties|verwerken persoonsgegevens
    toestemming (?:altijd )?intrekken|(?:jouw|uw|je) toestemming
    (?:armazenamos|acedemos a|acessamos) .{0,20}informações|(?:processamos|tratamos) (?:os )?dados pessoais
    anúncios e conteúdos? personalizados|retirar o (?:seu|teu) consentimento
    lagrar och.{0,30}information på en enhet|personligt anpassad\w* (?:annonser|innehåll)|behandlar personuppgifter
    återkalla ditt samtycke|hantera (?:inställningar|samtycke)
    lagrer og.{0,30}informasjon på en enhet|personlig tilpasse\w* (?:annonser|innhold)
    behandler person(?:opplysninger|data)
    trekke (?:tilbake )?(?:ditt )?samtykke|trække dit samtykke|personaliserede annoncer
    przechowujemy informacje|przetwarzamy dane osobowe|spersonalizowan\w+ (?:reklam|treści)|wycofać zgodę
    pliki cookie
    отозвать (?:сво[её] |ваше )?согласие|персонализированн\w+ (?:реклам|контент)|обработку персональных данных
    обрабатываем персональные данные
    informace na zařízení|personalizovan\w+ reklam|odvolat (?:svůj )?souhlas
    パートナーは、?デバイス|デバイス上の情報|パーソナライズされた(?:広告|コンテンツ)|同意はいつでも|すべて(?:に?同意|受け入れ|許可)
    個人データを(?:処理|使用)|(?:我们|我們)(?:和|及|与|與).{0,4}合作(?:伙伴|夥伴)|(?:个性化|個人化)(?:广告|内容|廣告|內容)
    撤回.{0,3}同意|全部接受|接受(?:所有|全部)|(?:设备|裝置)上的(?:信息|資訊)
    맞춤형? 광고|모두 (?:수락|동의|허용)|동의를 철회|نحن وشركاؤنا|إعلانات مخصصة|الإعلانات المخصصة|سحب موافقتك|قبول الكل
    """
)

# One is enough, in a heading or in a short page.
BOT_CHECK = patterns(
    r"""
    just a moment|checking (?:if the site connection is secure|your browser)|attention required
    access(?: to this (?:page|site) has been)? denied|(?:are you|you are|you're) (?:not )?a (?:human|robot|bot)
    verify(?:ing)? (?:that )?you are (?:a )?human|enable javascript and cookies to continue
    unusual (?:traffic|activity) from|pardon our interruption|incapsula incident|request unsuccessful
    ddos[- ]protection by|ddos-guard|complete the (?:security check|captcha)|security verification
    needs to review the security of your connection|i'?m not a robot
    prove (?:that )?you(?:'re| are) (?:human|not a robot)|bot verification|human verification|security check
    enable js and disable any ad blocker|confirm you are (?:a )?human|made us think (?:that )?you (?:were|are) a bot
    you are using automation tools
    запросы отправляли вы, а не робот|похожи на автоматические
    zugriff verweigert|sind sie ein (?:mensch|roboter)|ich bin kein roboter|accès refusé|je ne suis pas un robot
    acceso denegado|no soy un robot|доступ (?:ограничен|запрещ[её]н)|проверка браузера|я не робот
    подтвердите, что вы не робот|人机验证|安全验证|访问验证|ロボットではありません|로봇이 아닙니다
    """
)

# Anywhere in the source of a page with next to no text: what the checks of the well-known vendors load.
CHALLENGES = patterns(
    r"""
    _incapsula_resource|captcha-delivery\.com|px-captcha|_cf_chl_opt|cf-turnstile|awswafintegration|/ips\.js|ddos-guard
    """
)

# In a heading of a page with little text.
NOT_FOUND = patterns(
    r"""
    (?:error|fehler|erreur|errore|erro|ошибка|błąd|fout|fel|feil|fejl)\W{0,3}404
    (?:virhe|chyba|hiba|hata|eroare|грешка|σφάλμα)\W{0,3}404|\b404\b
    (?:خطأ|错误|錯誤|エラー|오류)\W{0,3}404|404\W{0,3}(?:错误|エラー|오류)
    (?:page|article|story|content|document|site|url)(?: you [\w ]{3,20})? (?:was|is|could|can) ?n[o']t (?:be )?found
    (?:page|article|story) not found
    page can(?:'|’)?t be found|can(?:'|’)t find (?:that|this|the) page|nothing (?:was )?found
    (?:page|article|story|content) (?:is )?(?:no longer (?:available|exists)|does(?: not|n't) exist|unavailable)
    (?:page|article|story|content) has been (?:removed|deleted)
    not found|oops|(?:seite|artikel|inhalt|dokument)[\w\s]{0,30}nicht (?:gefunden|verfügbar|vorhanden|mehr)
    (?:page|article|contenu)[\w\s]{0,20} (?:introuvable|non trouvée?|inexistante?|n'existe (?:pas|plus))
    (?:página|artículo|contenido)[\w\s]{0,20} no (?:encontrad[oa]|disponible|existe)|no encontrad[oa]
    página não encontrada|não encontrad[oa]|pagina non (?:trovata|disponibile)|страница не (?:найдена|существует)
    не найдено|сторінк\w+ не знайдено|nie znaleziono|strona nie istnieje|pagina niet gevonden|niet gevonden
    sidan (?:hittades inte|finns inte)|siden (?:finnes ikke|ble ikke funnet|blev ikke fundet)|sivua ei löyt
    stránka (?:nenalezena|neexistuje|nebyla nalezena)|sayfa bulunamadı|页面不存在
    找不到(?:该|您)?.{0,6}页面|页面未找到|ページが見つかりません
    페이지를 찾을 수 없(?:습니다)?|(?:요청하신 )?페이지가 (?:존재하지 않|없)(?:습니다)?
    الصفحة (?:غير موجودة|المطلوبة غير موجودة)
    لم يتم العثور على الصفحة|صفحه (?:مورد نظر )?(?:یافت نشد|پیدا نشد|وجود ندارد)|(?:ה?עמוד|ה?דף) (?:לא נמצא|אינו קיים)
    (?:पृष्ठ|पेज) नहीं मिला|পৃষ্ঠা(?:টি)? (?:পাওয়া যায়নি|খুঁজে পাওয়া যায়নি)|صفحہ نہیں ملا
    ไม่พบหน้า(?:ที่คุณต้องการ|ที่ค้นหา|นี้|เว็บ)?
    (?:không tìm thấy trang|trang không tồn tại)|(?:halaman|laman) tidak (?:ditemukan|dijumpai)|ukurasa haukupatikana
    η σελίδα δεν (?:βρέθηκε|υπάρχει)|(?:az )?oldal nem található|a keresett oldal nem (?:található|létezik)
    pagina (?:nu a fost găsită|nu există)|страницата (?:не е намерена|не съществува)|stranica nije (?:pronađena|nađena)
    страница није пронађена|stran(?:i ni mogoče najti| ne obstaja)|stránka sa nenašla|stránku sa nepodarilo nájsť
    puslapis nerastas|lapa nav atrasta|lehekülge ei leitud|síða(?:n)? fannst ekki|sivua ei löydy|pàgina no trobada
    sayfa (?:bulunamadı|mevcut değil)|aradığınız sayfa bulunamadı|faqja nuk u gjet|страница табылмады
    (?:您)?(?:访问|查找|要找)的页面不存在|(?:該|您要找的)?頁面不存在|找不到(?:您|這個|此)?.{0,6}(?:頁|网)面?
    (?:お探しの)?ページ(?:は|が)(?:見つかりません|ございません|存在しません)(?:でした)?
    """
)

# In a heading of a page with little text.
ERROR = patterns(
    r"""
    \b(?:500|502|503|504|520|521|522|524)\b.{0,30}(?:error|gateway|unavailable|time-?out|server|$)
    internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out
    (?:under|scheduled|site) maintenance|maintenance mode|down for maintenance
    there has been a critical error|backend fetch failed|guru meditation
    error establishing a database connection|database error|fatal error|application error|runtime error|server error
    \b403\b|forbidden|something went wrong|an (?:unexpected )?error (?:has )?occurred|serverfehler|wartungsarbeiten
    wird gerade gewartet|vorübergehend nicht erreichbar|erreur (?:interne|serveur)|en maintenance
    error (?:interno|del servidor)|en mantenimiento|ошибка сервера|технические работы|сайт временно недоступен
    błąd serwera|przerwa techniczna
    """
)

# Anywhere on a page with little text.
PAYWALL = patterns(
    r"""
    subscribe to (?:continue|read|keep reading|unlock)|to continue reading|continue reading (?:this article )?with
    keep reading with
    (?:article|story|content) is (?:\w+ ){0,2}(?:for|to) (?:\w+ ){0,2}(?:subscribers|members)
    already a (?:subscriber|member)|subscribers? only|for subscribers|premium (?:article|content)|members[- ]only
    (?:create|register for) a free account to (?:continue|read)|you have reached your (?:article )?limit
    remaining free articles|unlock (?:this article|the full|full access)
    (?:jetzt |diesen artikel |hier )?weiterlesen mit|jetzt weiterlesen|um weiterzulesen
    (?:nur|exklusiv) für abonnent|bereits abonnent|sie sind bereits|mit .{1,20}\+ (?:weiter)?lesen
    (?:dieser|der) (?:artikel|inhalt) ist (?:nur )?(?:für abonnent|kostenpflichtig|exklusiv)
    (?:article |contenu )?réservé (?:aux|à nos) abonnés|déjà abonné|pour lire la suite|il vous reste \d+
    (?:exclusivo|solo) para suscriptores|ya (?:eres|soy) suscriptor|para seguir leyendo
    (?:solo per|riservato agli) abbonati|sei già abbonato|per continuare a leggere
    (?:только|доступно) для подписчиков|оформите подписку|уже подписаны|(?:tylko )?dla subskrybentów
    masz już (?:subskrypcję|konto)|pozostało .{1,20} artykułu|(?:alleen|exclusief) voor abonnees|al abonnee
    verder lezen|(?:bara )?för prenumeranter|redan prenumerant|för att läsa vidare|(?:kun )?for abonnenter
    allerede abonnent|les mer med|for at læse videre|jen pro předplatitele|pro předplatitele|odemkněte si
    exclusivo para assinantes|já é assinante|この記事は会員限定|有料会員限定|続きをご覧いただくには
    仅限订阅者|订阅后阅读|付费阅读|구독자 전용
    """
)

# Anywhere on a page with little text.
SCRIPT_NEEDED = patterns(
    r"""
    (?:enable|activate|turn on|requires?|need|without|support) (?:\w+ )?javascript
    javascript (?:(?:is|must|seems|appears) )?(?:(?:to )?be )?(?:required|disabled|enabled|turned off|not available)
    javascript (?:ist )?(?:deaktiviert|aktiviert)|javascript (?:est )?(?:désactivé|activé)
    javascript (?:está )?(?:desactivado|activado)
    (?:aktivieren sie|aktiviere|bitte) (?:bitte )?javascript|(?:activez|activer|autoriser) (?:le )?javascript
    (?:active|activar|habilit\w+) (?:el )?javascript|(?:abilita|attiva\w*) javascript|включите javascript
    (?:поддержк\w+|включ\w+) javascript|włącz\w* (?:obsługę )?javascript|schakel javascript in|povolte javascript
    zapněte javascript
    """
)

# In the first or last lines of a text.
MACHINE_TRANSLATED = patterns(
    r"""
    (?:machine|automatic(?:ally)?|computer|ai)[- ]?translat(?:ed|ion)
    translated (?:automatically|by (?:ai|artificial intelligence|google|deepl|machine|software))
    (?:maschinelle?|automatische?|ki-gestützte) übersetzung
    (?:maschinell|automatisch|automatisiert|mit (?:hilfe von )?ki) übersetzt|traduction automatique
    traduit (?:automatiquement|par (?:ia|deepl|google))|traducción automática
    traducido (?:automáticamente|por (?:ia|google|deepl))|tradução automática|traduzido automaticamente
    traduzione automatica|tradotto automaticamente|(?:машинный|автоматический) перевод
    переведено (?:автоматически|машинным|с помощью)|tłumaczenie (?:maszynowe|automatyczne)|automatisch vertaald
    automatisk översatt|automatisk oversat|strojový překlad|机器翻译|機器翻譯|机翻|自動翻訳|機械翻訳|기계 번역|자동 번역
    """
)
