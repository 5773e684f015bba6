"""Date words: the vocabulary of `pipelines.dates`, data only; its reader folds case and accents on both sides.

Months and weekdays are those of Unicode's CLDR and of dateparser (BSD) for about 110 languages, with inflected forms.
"""

from typing import Final

# One string a month, January first.
MONTHS: Final = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari января янв январь січня січ січень "
    "stycznia sty styczeń styczniu ledna led leden lednu januára siječnja sij siječanj siječnju siječnjem јануар јан "
    "јануари януари яну ян студзеня сту студзень стд ianuarie ian ocak oca yanvar yan январ қаңтар қаң ýanwar гыйнвар "
    "гыйн ιανουαρίου ιαν ιανουάριος janar tammikuuta tammi tammikuu tammik tammikuussa jaanuar jaan janvāris sausio "
    "saus sausis gener xaneiro xan urtarrila urt genièr xineru xin eanáir ean ionawr jannar januarie jannewaris zenâr "
    "zen schaner schan januaro يناير جانفي ינואר ינו לינואר בינואר ژانویهٔ جنوری rêbendan rbn जनवरी जन जानेवारी जाने "
    "জানুয়ারী জানু জানুয়ারি জানুৱাৰী જાન્યુઆરી જાન્યુ ਜਨਵਰੀ ਜਨ ଜାନୁଆରୀ ஜனவரி ஜன జనవరి జన ಜನವರಿ ಜನ ജനുവരി ജനു ජනවාරි "
    "ජන มกราคม มค เดือนมกราคม มกรา ມັງກອນ ມກ មករា ဇန်နဝါရီ ဇန် djan djanuari janaayo jannaayo ጃንዋሪ ጃን ጃንዩ ጃንዩወሪ ጥሪ "
    "januwari umasingana janyuwari იანვარი იან հունվարի հնվ հունվար janairu jenụwarị jen urtarrilaren urtarrilak "
    "januarja јануара janvārī janvāra tammikuun jaanuari 一月",
    "february feb februar feber février févr fév febrero febbraio fevereiro februari февраля февр февраль фев лютого "
    "лют лютий lutego lut luty lutym února úno únor únr únoru februára veljače velj veljača veljači veljačom фебруар "
    "феб февруари фв лютага люты februarie febr şubat şub fevral феврал ақпан ақп fewral φεβρουαρίου φεβ φεβρουάριος "
    "shkurt shk helmikuuta helmi helmikuu helmik helmikuussa veebruar veebr februāris vasario vas vasaris febrer "
    "febreiro otsaila ots febrièr febreru feabhra feabh chwefror chwef chw frar febrewaris fevrâr favrer favr "
    "februaro فبراير شباط فيفري פברואר פבר בפברואר לפברואר فوریهٔ فبروری فېبروري فروری شوبات sibat sbt फ़रवरी फ़र "
    "फेब्रुवारी फेब्रु फेब्रुअरी ফেব্রুয়ারী ফেব ফেব্রুয়ারি ফেব্ৰুৱাৰী ফেব্ৰু ફેબ્રુઆરી ફેબ્રુ ਫ਼ਰਵਰੀ ਫ਼ਰ ଫେବୃଆରୀ "
    "பிப்ரவரி பிப் ఫిబ్రవరి ఫిబ్ర ಫೆಬ್ರವರಿ ಫೆಬ್ರ ഫെബ്രുവരി ഫെബ്രു පෙබරවාරි පෙබ กุมภาพันธ์ กพ เดือนกุมภาพันธ์ กุมภา "
    "ກຸມພາ ກພ កុម្ភៈ ဖေဖော်ဝါရီ ဖေ peb pebruari pebrero febraayo ፌብሩዋሪ ፌብ ፌብሩ ፌብሩወሪ ለካቲት ለካ februwari თებერვალი თებ "
    "փետրվարի փտվ փետրվար faburairu fab otsailaren otsailak februarja фебруара helmikuun veebruari 二月",
    "march mäe mar märz mrz mars marzo março maart mrt марта мар март березня бер березень берез marca marzec marcu "
    "března bře březen březnu marec ožujka ožu ožujak ožujku ožujkom mart сакавіка сак сакавік martie március márc "
    "наурыз нау μαρτίου μαρ μάρτιος marts maaliskuuta maalis maaliskuu maalisk maaliskuussa kovo kov kovas martxoa "
    "marzu márta mawrth mäerz marto مارس آذار מרץ במרץ למרץ מרס במרס למרס מארס במארס למארס مارچ ئازار adar adr मार्च "
    "মার্চ মাৰ্চ માર્ચ ਮਾਰਚ ମାର୍ଚ୍ଚ மார்ச் மார் మార్చి ಮಾರ್ಚ್ മാർച്ച് മാർ මාර්තු මාර් มีนาคม มีค เดือนมีนาคม มีนา "
    "ມີນາ ມນ មីនា မတ် maret mac marso machi maarso ማርች መጋቢት መጋ mashi mas matshi მარტი მარ մարտի մրտ մարտ maris maachị "
    "martxoaren martxoak maaliskuun märtsi 三月",
    "april apr avril avr abril abr aprile апреля апр апрель квітня квіт квітень кві kwietnia kwi kwiecień kwietniu "
    "kwie dubna dub duben dubnu apríla travnja tra travanj travnju travnjem април ап красавіка кра красавік крс "
    "aprilie április nisan nis aprel апрел сәуір сәу απριλίου απρ απρίλιος prill pri huhtikuuta huhti huhtikuu huhtik "
    "huhtikuussa aprill balandžio bal balandis apirila api aibreán aib ebrill ebr abrëll avrigl aprilo أبريل نيسان "
    "أفريل אפריל אפר באפריל לאפריל آوریل اپریل nsn अप्रैल एप्रिल एप्रि अप्रिल এপ্রিল এপ্রি এপ্ৰিল એપ્રિલ ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ "
    "ଅପ୍ରେଲ ஏப்ரல் ஏப் ఏప్రిల్ ఏప్రి ಏಪ್ರಿಲ್ ಏಪ್ರಿ ഏപ്രിൽ ഏപ്രി අප්රේල් เมษายน เมย เมษา เดือนเมษายน ເມສາ ມສ មេសា ဧပြီ "
    "aprili abriil ኤፕሪል ኤፕሪ ሚያዝያ ሚያ ephreli eph epreli epr აპრილი აპრ ապրիլի ապր ապրիլ afirilu afi epreel apirilaren "
    "apirilak априла huhtikuun aprilli 四月",
    "may mai mayo maggio mag maio mei мая май травня трав травень тра maja maj maju května kvě květen květnu svibnja "
    "svi svibanj svibnju svibnjem мај траўня május mayıs мамыр мам μαΐου μαΐ μάιος toukokuuta touko toukokuu toukok "
    "toukokuussa maijs gegužės geg gegužė maig maiatza mayu bealtaine beal mejju mej mee maaie matg majo مايو ماي "
    "أيار מאי במאי למאי مهٔ می مۍ مئی ئایار gulan gln मई मे মে મે ਮਈ ମଇ மே మే ಮೇ മേയ് මැයි พฤษภาคม พค เดือนพฤษภาคม "
    "พฤษภา ພຶດສະພາ ພພ ឧសភា မေ maayo ሜይ ጉንበት ግን ግንቦት meyi mey მაისი მაი մայիսի մյս մայիս maiatzaren maiatzak маја "
    "maijā toukokuun 五月",
    "june hun jun juni juin junio giugno giu junho июня июн июнь червня черв червень чер czerwca cze czerwiec czerwcu "
    "června čvn červen čer červnu júna junij lipnja lipanj lipnju lipnjem јун јуни юни юн чэрвеня чэр чэрвень iunie "
    "iun június haziran haz iyun iyn маусым мау ιουνίου ιουν ιούνιος qershor qer kesäkuuta kesä kesäkuu kesäk "
    "kesäkuussa juuni jūnijs birželio birž birželis juny xuño ekaina eka junh xunu xun meitheamh meith mehefin ġunju "
    "ġun junie jugn jug zercladur zercl يونيو يونيه يونية حزيران جوان יוני ביוני ליוני יונ ژوئن جون حوزەیران hezîran "
    "hzr जून जुन জুন જૂન ਜੂਨ ଜୁନ ஜூன் జూన్ ಜೂನ್ ജൂൺ ජූනි มิถุนายน มิย เดือนมิถุนายน มิถุนา ມິຖຸນາ ມິຖ មិថុនា ဇွန် "
    "djuni hunyo juun ጁን ሰነ ივნისი ივნ հունիսի հնս հունիս yuni yun juu ekainaren ekainak junija јуна kesäkuun 六月",
    "july hul jul juill juli juillet juil julio luglio lug julho июля июл июль липня лип липень lipca lip lipiec "
    "lipcu července čvc červenec črc červenci črv júla julij srpnja srpanj srpnju srpnjem јул јули юли юл ліпеня ліп "
    "ліпень iulie iul július temmuz tem iyul iyl шілде шіл ιουλίου ιουλ ιούλιος korrik korr kor heinäkuuta heinä "
    "heinäkuu heinäk heinäkuussa juuli jūlijs liepos liep liepa juliol xullo xul uztaila uzt julhet xunetu xnt iúil "
    "gorffennaf gorff gor lulju lul julie fanadur يوليو يوليه يولية يوليوز تموز جويلية יולי ביולי ליולי יול ژوئیهٔ "
    "جولای جولائی تەمووز tîrmeh trm जुलाई जुल जुलै জুলাই জুল જુલાઈ ਜੁਲਾਈ ਜੁਲਾ ଜୁଲାଇ ஜூலை జులై ಜುಲೈ ജൂലൈ ජූලි กรกฎาคม "
    "กค เดือนกรกฏาคม กรกฎา ກໍລະກົດ ກລ កក្កដា ဇူလိုင် ဇူ djuli julai hulyo luulyo ጁላይ ሓምለ ሓም julayi ივლისი ივლ հուլիսի "
    "հլս հուլիս yuli yul uztailaren uztailak julija јула heinäkuun 七月",
    "august ag aug août aoû agosto ago augustus августа авг август серпня серп серпень сер sierpnia sie sierpień "
    "sierpniu srpna srp srpen srpnu augusta avgust avg kolovoza kol kolovoz kolovozu kolovozom аугуст ауг жніўня жні "
    "жнівень жнівеня жнв augusztus ağustos ağu avqust avq тамыз там awgust awg αυγούστου αυγ αύγουστος gusht gush gsh "
    "augusti ágúst elokuuta elo elokuu elok elokuussa augusts rugpjūčio rugp rugpjūtis agost abuztua abu agostu "
    "lúnasa lún awst awwissu aww avost avo avust aŭgusto أغسطس غشت آب أوت אוגוסט אוג באוגוסט לאוגוסט آگست اګست ئاب "
    "tebax tbx अगस्त अग ऑगस्ट ऑग अगस्ट আগস্ট আগ আগষ্ট ઑગસ્ટ ਅਗਸਤ ਅਗ ଅଗଷ୍ଟ ஆகஸ்ட் ஆக ఆగస్టు ఆగ ಆಗಸ್ಟ್ ಆಗ ഓഗസ്റ്റ് ഓഗ "
    "අගෝස්තු අගෝ สิงหาคม สค สิงหา เดือนสิงหาคม ສິງຫາ ສຫ សីហា ဩဂုတ် agustus agt ogos ogo ags agosti ogs ogosto ኦገስት "
    "ኦገስ ነሓሰ ነሓ agasti aga აგვისტო აგვ օգոստոսի օգս օգոստոս agusta ọgọọst abuztuaren abuztuak avgusta elokuun آگوست "
    "八月",
    "september sen sep sept septembre septiembre setiembre set settembre setembro septembro сентября сент сентябрь "
    "сен вересня вер вересень верес września wrz wrzesień wrześniu září zář septembra rujna ruj rujan rujnu rujnom "
    "septembar септембар сеп септември септ септм верасня верасень врс septembrie szeptember szept eylül eyl sentyabr "
    "sentabr сентябр қыркүйек қыр σεπτεμβρίου σεπ σεπτέμβριος shtator sht syyskuuta syys syyskuu syysk syyskuussa "
    "septembris rugsėjo rugs rugsėjis setembre iraila ira mfómh medi settembru septimber setembar settember sett "
    "سبتمبر شتنبر أيلول ספטמבר ספט בספטמבר לספטמבר سپتامبر سپتمبر سېپتمبر ستمبر ئەیلوول îlon îln सितंबर सित सितम्बर "
    "सप्टेंबर सप्टें सेप्टेम्बर সেপ্টেম্বর সেপ ছেপ্তেম্বৰ ছেপ্তে সেপ্ট સપ્ટેમ્બર સપ્ટે ਸਤੰਬਰ ਸਤੰ ସେପ୍ଟେମ୍ବର "
    "செப்டம்பர் செப் సెప్టెంబర్ సెప్టెం ಸೆಪ್ಟೆಂಬರ್ ಸೆಪ್ಟೆಂ സെപ്റ്റംബർ സെപ്റ്റം සැප්තැම්බර් සැප් กันยายน กย กันยา "
    "เดือนกันยายน ກັນຍາ ກຍ កញ្ញា စက်တင်ဘာ စက် setyembre septemba sebtembar sebteembar ሴፕቴምበር ሴፕቴ መስከረም መስ septhemba "
    "სექტემბერი სექ սեպտեմբերի սեպ սեպտեմբեր satumba irailaren irailak septembrī syyskuun септембра 九月",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября окт октябрь жовтня жовт жовтень жов "
    "października paź październik październiku října říj říjen říjnu októbra listopadom oktobar октобар октомври "
    "кастрычніка кас кастрычнік кст octombrie ekim eki oktyabr oktabr октябр қазан қаз οκτωβρίου οκτ οκτώβριος tetor "
    "tet lokakuuta loka lokakuu lokak lokakuussa oktoober oktobris spalio spal spalis urria urr ochobre och dfómh "
    "hydref hyd ottubru otubar otu oktobro أكتوبر אוקטובר אוק באוקטובר לאוקטובר اکتبر cotmeh cot अक्टूबर अक्टू "
    "अक्तूबर अक्तू ऑक्टोबर ऑक्टो अक्टोबर অক্টোবর অক্টো অক্টোবৰ ઑક્ટોબર ઑક્ટો ਅਕਤੂਬਰ ਅਕਤੂ ଅକ୍ଟୋବର அக்டோபர் அக் "
    "అక్టోబర్ అక్టో ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ ഒക്ടോബർ ഒക്ടോ ඔක්තෝබර් ඔක් ตุลาคม ตค เดือนตุลาคม ตุลา ຕຸລາ ຕລ តុលា အောက်တိုဘာ "
    "အောက် oktubre oktoba oktoobar ኦክቶበር ኦክቶ ጥቅምቲ ጥቅ okthoba okthobha ოქტომბერი ოქტ հոկտեմբերի հոկ հոկտեմբեր urriaren "
    "urriak oktobrī lokakuun oktoobri октобра 十月",
    "november nov novembre noviembre novembro ноября нояб ноябрь ноя листопада лист листопад листоп лис listopada lis "
    "listopad listopadzie listopadu novembra studenoga stu studeni studenom studenomu studenome studenog studenim "
    "novembar новембар нов ноември ное ноем лістапада ліс лістапад noiembrie noiem kasım kas noyabr noy ноябр қараша "
    "қар νοεμβρίου νοε νοέμβριος nëntor nën marraskuuta marras marraskuu marrask marraskuussa novembris lapkričio "
    "lapkr lapkritis azaroa aza payares pay samhain samh tachwedd tach novembru novimber نوفمبر نونبر נובמבר נוב "
    "בנובמבר לנובמבר نوامبر نومبر mijdar mjd नवंबर नव नवम्बर नोव्हेंबर नोव्हें नोभेम्बर নভেম্বর নভে নৱেম্বৰ নৱে "
    "નવેમ્બર નવે ਨਵੰਬਰ ਨਵੰ ନଭେମ୍ବର நவம்பர் நவ నవంబర్ నవం ನವೆಂಬರ್ ನವೆಂ നവംബർ നവം නොවැම්බර් නොවැ พฤศจิกายน พย "
    "เดือนพฤศจิกายน พฤศจิ ພະຈິກ ພຈ វិច្ឆិកា နိုဝင်ဘာ နို nop nopember nobyembre nob novemba noofeembar nof ኖቬምበር ኖቬም "
    "ሕዳር ሕዳ ნოემბერი ნოე նոյեմբերի նոյ նոյեմբեր nuwamba nuw azaroaren azaroak novembrī marraskuun новембра 十一月",
    "december dec dezember dez décembre diciembre dic dicembre dezembro декабря дек декабрь грудня груд грудень гру "
    "grudnia gru grudzień grudniu prosince prosinec prosinci decembra prosinca prosinac prosincu prosincem decembar "
    "децембар дец декември снежня сне снежань снж decembrie aralık ara dekabr dek декабр желтоқсан жел δεκεμβρίου δεκ "
    "δεκέμβριος dhjetor dhj desember des joulukuuta joulu joulukuu jouluk joulukuussa detsember dets decembris "
    "gruodžio gruod gruodis desembre decembro abendua abe avientu nollaig rhagfyr rhag diċembru desimber dicembar "
    "ديسمبر دجنبر דצמבר דצמ בדצמבר לדצמבר دسامبر دسمبر berfanbar brf दिसंबर दिस दिसम्बर डिसेंबर डिसें डिसेम्बर "
    "ডিসেম্বর ডিসে ডিচেম্বৰ ডিচে ડિસેમ્બર ડિસે ਦਸੰਬਰ ਦਸੰ ଡିସେମ୍ବର டிசம்பர் டிச డిసెంబర్ డిసెం ಡಿಸೆಂಬರ್ ಡಿಸೆಂ ഡിസംബർ "
    "ഡിസം දෙසැම්බර් දෙසැ ธันวาคม ธค เดือนธันวาคม ธันวา ທັນວາ ທວ ធ្នូ ဒီဇင်ဘာ ဒီ disember dis disyembre desemba "
    "diseembar ዲሴምበር ዲሴም ታሕሳስ ታሕ disemba დეკემბერი დეკ դեկտեմբերի դեկ դեկտեմբեր disamba abenduaren abenduak decembrī "
    "joulukuun detsembri децембра 十二月",
)

# Names of several words or with dots within, month → names parted by commas.
MONTH_PHRASES: Final = {
    1: "كانون الثاني, كانون ثاني, کانوونی دووەم, ม.ค, ມ.ກ, tháng một, tháng giêng, нэгдүгээр сар",
    2: "ก.พ, ກ.ພ, tháng hai, хоёрдугаар сар",
    3: "มี.ค, ມ.ນ, tháng ba, гуравдугаар сар",
    4: "เม.ย, ມ.ສ, tháng tư, дөрөвдүгээр сар",
    5: "พ.ค, ພ.ພ, tháng năm, тавдугаар сар",
    6: "มิ.ย, ມິ.ຖ, tháng sáu, зургаадугаар сар, зургадугаар сар",
    7: "ก.ค, ກ.ລ, tháng bảy, долоодугаар сар, долдугаар сар",
    8: "ส.ค, ສ.ຫ, tháng tám, наймдугаар сар",
    9: "ก.ย, ກ.ຍ, tháng chín, есдүгээр сар, meán fómhair",
    10: "تشرين الأول, تشرين أول, تشرینی یەکەم, ต.ค, ຕ.ລ, tháng mười, аравдугаар сар, deireadh fómhair",
    11: "تشرين الثاني, تشرين ثاني, تشرینی دووەم, พ.ย, ພ.ຈ, tháng mười một, арван нэгдүгээр сар",
    12: "كانون الأول, كانون أول, کانونی یەکەم, ธ.ค, ທ.ວ, tháng mười hai, tháng chạp, арван хоёрдугаар сар",
}

# Words that are a month, or another month than elsewhere, in these languages only.
LANGUAGE_MONTHS: Final = {
    "hr": {"lip": 6, "srp": 7, "lis": 10, "listopad": 10, "listopada": 10, "listopadu": 10, "pro": 12},
    "bs": {"lip": 6, "srp": 7, "lis": 10, "listopad": 10, "listopada": 10, "listopadu": 10, "pro": 12},
    "cs": {"pro": 12},
    "ga": {"noll": 12},
    "cy": {"ion": 1, "maw": 3, "meh": 6},
    "my": {"ဧ": 4, "ဩ": 8},
}

# The solar calendar of Iran and, on the second line, of Afghanistan.
SOLAR_HIJRI_MONTHS: Final = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)

WEEKDAYS: Final = (
    "sunday monday tuesday wednesday thursday friday saturday sun mon tue wed thu fri sat mo tu tues we th fr sa su "
    "sonntag montag dienstag mittwoch donnerstag freitag samstag so di mi do die mit don fre sam son dimanche lundi "
    "mardi mercredi jeudi vendredi samedi dim lun mar mer jeu ven lu ma me je ve domingo lunes martes miércoles "
    "jueves viernes sábado dom mié jue vie sáb ju vi domenica lunedì martedì mercoledì giovedì venerdì sabato gio "
    "segunda feira terça quarta quinta sexta seg ter qua qui sex zondag maandag dinsdag woensdag donderdag vrijdag "
    "zaterdag zo wo vr za воскресенье понедельник вторник среда четверг пятница суббота вс пн вт ср чт пт сб пнд втр "
    "срд среду чтв птн пятницу сбт субботу воскресение вск неділя понеділок вівторок середа четвер пятниця субота нд "
    "пон понед вів вівтор середу сер серед чет пятницю пят суботу суб субот неділю нед неділ niedziela poniedziałek "
    "wtorek środa czwartek piątek sobota niedz pon wt śr czw sob poniedzialek pn wto środę śro pią pi sobotę sb "
    "niedzielę nie nd neděle pondělí úterý středa čtvrtek pátek ne út čt pá úte stř středu středy čtv pát pátku "
    "sobotu soboty ned neděli nedeľa pondelok utorok štvrtok piatok nedeľu nedelja ponedeljek torek sreda četrtek "
    "petek tor sre čet pet nedjelja ponedjeljak utorak srijeda četvrtak petak subota uto sri sub ponedeljak недеља "
    "понедељак уторак четвртак петак уто сре пет недјеља понедјељак сриједа сри недела понеделник четврток петок "
    "сабота вто саб неделя сряда четвъртък петък събота сря нядзеля панядзелак аўторак серада чацвер пятніца аў чц "
    "аўт чцв чв няд duminică luni marți miercuri joi vineri sâmbătă dum vin vasárnap hétfő kedd szerda csütörtök "
    "péntek szombat sze szo vas pazar pazartesi salı çarşamba perşembe cuma cumartesi paz pzt sal çar per cum cmt çrs "
    "prs bazar ertəsi çərşənbə axşamı cümə şənbə be ça yakshanba dushanba seshanba chorshanba payshanba juma shanba "
    "yak dush sesh chor pay jum shan якшанба душанба сешанба чоршанба пайшанба жума шанба якш душ сеш чор пай жум шан "
    "жексенбі дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жс дс сс бс жм жекшемби дүйшөмбү шейшемби шаршемби "
    "бейшемби ишемби жек дүй шейш шарш бейш ишм ýekşenbe duşenbe sişenbe çarşenbe penşenbe anna şenbe ýek duş siş pen "
    "ann şen якшанбе душанбе сешанбе чоршанбе панҷшанбе ҷумъа шанбе яшб дшб сшб чшб пшб ҷмъ шнб якшәмбе дүшәмбе "
    "сишәмбе чәршәмбе пәнҗешәмбе җомга шимбә дүш сиш чәр пәнҗ җом шим κυριακή δευτέρα τρίτη τετάρτη πέμπτη παρασκευή "
    "σάββατο κυρ δευ τρί τετ πέμ παρ σάβ diel hënë martë mërkurë enjte premte shtunë hën enj pre sht söndag måndag "
    "tisdag onsdag torsdag fredag lördag mån tis ons tors lör månd tisd onsd torsd fred lörd sönd søndag tirsdag "
    "lørdag søn tirs lør tir tysdag laurdag sø ty on to la tys lau sunnudagur mánudagur þriðjudagur miðvikudagur "
    "fimmtudagur föstudagur laugardagur þri mið fim fös mánadagur týsdagur mikudagur hósdagur fríggjadagur "
    "leygardagur mik hós ley sunnuntai maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina ti ke pe "
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntaina pühapäev esmaspäev teisipäev kolmapäev "
    "neljapäev reede laupäev svētdiena pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētd pirmd otrd "
    "trešd ceturtd piektd sestd sekmadienis pirmadienis antradienis trečiadienis ketvirtadienis penktadienis "
    "šeštadienis kt diumenge dilluns dimarts dimecres dijous divendres dissabte luns mércores xoves venres xov "
    "igandea astelehena asteartea asteazkena osteguna ostirala larunbata ig dimenge diluns dimars domingu llunes "
    "xueves vienres sábadu llu xue dé domhnaigh luain máirt céadaoin déardaoin haoine sathairn domh luan céad déar "
    "aoine sath dydd sul llun mawrth mercher iau gwener sadwrn maw gwen sad gwe il ħadd it tnejn tlieta l erbgħa "
    "ħamis ġimgħa is sibt ħad tne tli erb ħam ġim sib sonndeg méindeg dënschdeg mëttwoch donneschdeg freideg "
    "samschdeg méi dën mët vrydag saterdag snein moandei tiisdei woansdei tongersdei freed sneon si domenie lunis "
    "martars miercus joibe vinars sabide dumengia glindesdi mesemna gievgia venderdi sonda du gli gie dimanĉo lundo "
    "mardo merkredo ĵaŭdo vendredo ĵa الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الجمعه יום ראשון שני שלישי "
    "רביעי חמישי שישי שבת א ב ג ד ה ו یکشنبه دوشنبه سهشنبه چهارشنبه پنجشنبه جمعه شنبه چهار پنج روز دو يونۍ دونۍ درېنۍ "
    "څلرنۍ پينځنۍ اونۍ اتوار پیر منگل بدھ جمعرات جمعہ ہفتہ سوموار یەکشەممە دووشەممە سێشەممە چوارشەممە پێنجشەممە ھەینی "
    "شەممە yekşem duşem sêşem çarşem pêncşem înî şemî yşm dşm sşm çşm pşm şem रविवार सोमवार मंगलवार बुधवार गुरुवार "
    "शुक्रवार शनिवार रवि सोम मंगल बुध गुरु शुक्र शनि मंगळवार मंगळ आइतबार सोमबार मङ्गलबार बुधबार बिहिबार शुक्रबार "
    "शनिबार आइत मङ्गल बिहि রবিবার সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবি সোম মঙ্গল বুধ বৃহস্পতি শুক্র "
    "শনি বৃহষ্পতিবার দেওবাৰ সোমবাৰ মঙ্গলবাৰ বুধবাৰ বৃহস্পতিবাৰ শুক্ৰবাৰ শনিবাৰ দেও বৃহ শুক্ৰ বৃহষ্পতি বৃহষ্পতিবাৰ ৰবি "
    "રવિવાર સોમવાર મંગળવાર બુધવાર ગુરુવાર શુક્રવાર શનિવાર રવિ સોમ મંગળ બુધ ગુરુ શુક્ર શનિ ਐਤਵਾਰ ਸੋਮਵਾਰ ਮੰਗਲਵਾਰ "
    "ਬੁੱਧਵਾਰ ਵੀਰਵਾਰ ਸ਼ੁੱਕਰਵਾਰ ਸ਼ਨਿੱਚਰਵਾਰ ਐਤ ਸੋਮ ਮੰਗਲ ਬੁੱਧ ਵੀਰ ਸ਼ੁੱਕਰ ਸ਼ਨਿੱਚਰ ରବିବାର ସୋମବାର ମଙ୍ଗଳବାର ବୁଧବାର ଗୁରୁବାର "
    "ଶୁକ୍ରବାର ଶନିବାର ରବି ସୋମ ମଙ୍ଗଳ ବୁଧ ଗୁରୁ ଶୁକ୍ର ଶନି ஞாயிறு திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயி திங் செவ் "
    "புத வியா வெள் ఆదివారం సోమవారం మంగళవారం బుధవారం గురువారం శుక్రవారం శనివారం ఆది సోమ మంగళ బుధ గురు శుక్ర శని "
    "ಭಾನುವಾರ ಸೋಮವಾರ ಮಂಗಳವಾರ ಬುಧವಾರ ಗುರುವಾರ ಶುಕ್ರವಾರ ಶನಿವಾರ ಭಾನು ಸೋಮ ಮಂಗಳ ಬುಧ ಗುರು ಶುಕ್ರ ಶನಿ ഞായറാഴ്ച തിങ്കളാഴ്ച "
    "ചൊവ്വാഴ്ച ബുധനാഴ്ച വ്യാഴാഴ്ച വെള്ളിയാഴ്ച ശനിയാഴ്ച ഞായർ തിങ്കൾ ചൊവ്വ ബുധൻ വ്യാഴം വെള്ളി ശനി ඉරිදා සඳුදා අඟහරුවාදා "
    "බදාදා බ්රහස්පතින්දා සිකුරාදා සෙනසුරාදා අඟහ බ්රහස් සිකු සෙන วันอาทิตย์ วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี "
    "วันศุกร์ วันเสาร์ อา พฤ จันทร์ วันจันทร์ที่ อังคาร วันอังคารที่ พุธ วันพุธที่ พฤหัสบดี พฤหัส วันพฤหัสบดีที่ "
    "ศุกร์ วันศุกร์ที่ เสาร์ วันเสาร์ที่ อาทิตย์ วันอาทิตย์ที่ ວັນອາທິດ ວັນຈັນ ວັນອັງຄານ ວັນພຸດ ວັນພະຫັດ ວັນສຸກ "
    "ວັນເສົາ ອາທິດ ຈັນ ອັງຄານ ພຸດ ພະຫັດ ສຸກ ເສົາ អាទិត្យ ច័ន្ទ អង្គារ ពុធ ព្រហស្បតិ៍ សុក្រ សៅរ៍ ចន្ទ ព្រហ တနင်္ဂနွေ "
    "တနင်္လာ အင်္ဂါ ဗုဒ္ဓဟူး ကြာသပတေး သောကြာ စနေ minggu senin selasa rabu kamis jumat sabtu min sel rab kam ahad "
    "isnin khamis jumaat ahd isn kha senén salasa rebo kemis jumaah saptu mng reb kem sap linggo miyerkules huwebes "
    "biyernes lin miy huw biy chủ nhật hai năm sáu bảy cn jumapili jumatatu jumanne jumatano alhamisi ijumaa jumamosi "
    "axad isniin talaado arbaco khamiis jimco sabti axd tldo arbc khms jmc sbti እሑድ ሰኞ ማክሰኞ ረቡዕ ሐሙስ ዓርብ ቅዳሜ ማክሰ ሰንበት "
    "ሰኑይ ሰሉስ ሓሙስ ዓርቢ ቀዳም ሰን ሰኑ ሰሉ ረቡ ሓሙ ዓር ቀዳ ሠሉስ ኃሙስ isonto umsombuluko ulwesibili ulwesithathu ulwesine ulwesihlanu "
    "umgqibelo mso bil tha sin hla mgq cawe mvulo lwesibini lwesithathu lwesine lwesihlanu mgqibelo caw mvu lwesb bin "
    "კვირა ორშაბათი სამშაბათი ოთხშაბათი ხუთშაბათი პარასკევი შაბათი კვი ორშ სამ ოთხ ხუთ პარ შაბ կիրակի երկուշաբթի "
    "երեքշաբթի չորեքշաբթի հինգշաբթի ուրբաթ շաբաթ կիր երկ երք չրք հնգ ուր շբթ ням даваа мягмар лхагва пүрэв баасан "
    "бямба ня да мя лх пү ба бя lahadi litinin talata laraba alhamis jummaa asabar lah lit tal lar alh asa sọndee "
    "mọnde tiuzdee wenezdee tọọzdee fraịdee satọdee tiu wen tọọ fraị ọjọ́ àìkú ajé ìsẹ́gun ọjọ́rú ọjọ́bọ ẹtì àbámẹ́ta "
    "月 火 水 木 金 土 日 月曜 火曜 水曜 木曜 金曜 土曜 日曜 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 星期一 "
    "星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 "
    "週六 週日 월 화 수 목 금 토 일 월요일 화요일 수요일 목요일 금요일 토요일 일요일 hétfőn kedden szerdán "
    "csütörtökön pénteken szombaton vasárnap субботы пятницы среды воскресенья понедельника вторника"
)

# Words around a date that change nothing about it: what was done, prepositions, articles, ordinals, units.
FILLERS: Final = (
    # en
    "published publish posted post updated update created modified edited issued released added first last on at the "
    "of date time dated pubdate since reviewed revised filed st nd rd th o oclock hrs hr hours h local day d "
    # de
    "veröffentlicht aktualisiert erstellt geändert erschienen publiziert stand datum uhr um am vom den der zuletzt am "
    "letzte letztes aktualisierung update uhrzeit "
    # fr
    "publié publiée publie mis mise à jour le la modifié actualisé créé posté rédigé date er ère ème eme heures heure "
    "h dernière modification et du "
    # es pt gl ca
    "publicado publicada publicación actualizado actualizada actualización fecha hora horas hs hrs a las los el de "
    "del al última creado publicação atualizado atualizada atualização data hora horas às as dia em última min ás do "
    "da publicat publicada actualitzat actualització hores h dia "
    # it
    "pubblicato pubblicata aggiornato aggiornata aggiornamento ultimo ultima modifica alle ore ora il del dell l e "
    "data "
    # nl af
    "gepubliceerd geplaatst bijgewerkt laatst gewijzigd laatste update op om uur datum aangepast van gepubliseer "
    # sv da nb nn is fi et
    "publicerad publicerat uppdaterad uppdaterat senast skapad klockan kl kl. offentliggjort publiceret opdateret "
    "udgivet sidst oprettet klokken publisert oppdatert sist endret den d birt uppfært klukkan julkaistu päivitetty "
    "julkaistu muokattu klo kello viimeksi avaldatud uuendatud muudetud kell kl kuupäev dato "
    # lv lt
    "publicēts atjaunots gada gads g plkst pulksten datums paskelbta atnaujinta publikuota m mėn d val data metų "
    # pl cs sk sl hr sr bs
    "opublikowano opublikowany aktualizacja aktualizowano zaktualizowano dodano dodany data godz godzina o g r roku w "
    "dnia publikováno vydáno aktualizováno zveřejněno datum v ve hod hodin čas publikované aktualizované uverejnené "
    "zverejnené dňa aktualizácia objavljeno posodobljeno ob uri dne ura objavljeno ažurirano datum vrijeme vreme u "
    "sati sat časova h god godine zadnja izmjena izmena "
    # ru uk be bg mk sr
    "опубликовано опубликована опубликован обновлено обновлён обновлен дата время в во г год года ч час часов от "
    "добавлено изменено последнее обновление публикации числа го е опубліковано оновлено дата час о об р рік року год "
    "створено змінено апублікавана абноўлена публикувано публикувана обновена актуализирана последна в ч г година "
    "часа дата на објавено ажурирано година објављено ажурирано објављено године год у часова сати "
    # el
    "δημοσιεύτηκε δημοσιεύθηκε δημοσίευση ενημερώθηκε ενημέρωση τελευταία ημερομηνία ώρα στις στη στην την του τις "
    # tr az
    "yayınlanma yayınlandı yayın yayımlanma tarihi tarih güncelleme güncellendi güncellenme son saat saati giriş "
    "eklenme oluşturulma dərc tarixi edilib yenilənib "
    # ro
    "publicat actualizat postat ultima actualizare data ora la orele pe modificat "
    # hu
    "megjelent frissítve frissült közzétéve létrehozva dátum óra kor órakor utolsó frissítés én án jén i "
    # sq eu cy ga mt eo
    "publikuar përditësuar ora më datë argitaratua eguneratua eko ko an a na ar cyhoeddwyd diweddarwyd la la "
    # ar fa ur he
    "نشر نشرت نشر في تاريخ النشر آخر تحديث تحديث الساعة في يوم بتاريخ التاريخ م هـ الموافق اليوم انتشار تاریخ ساعت "
    "زمان به روز رسانی بروزرسانی شده منتشر در مورخ دقیقه و شائع اپ ڈیٹ تاریخ بجے وقت بوقت کو פורסם עודכן עדכון אחרון "
    "תאריך בתאריך בשעה שעה יום ב "
    # hi mr ne bn gu pa ta te kn ml
    "प्रकाशित प्रकाशन अपडेट अपडेटेड पर बजे तारीख दिनांक को समय अद्यतन आखिरी वाजता रोजी गते প্রকাশ প্রকাশিত প্রকাশের "
    "আপডেট হালনাগাদ সময় তারিখ মিনিট টা ই লা પ્રકાશિત અપડેટ તારીખ ਪ੍ਰਕਾਸ਼ਿਤ ਅੱਪਡੇਟ வெளியிடப்பட்டது "
    "புதுப்பிக்கப்பட்டது அன்று ప్రచురణ ప్రచురించిన అప్‌డేట్ తేదీ ಪ್ರಕಟಿಸಲಾಗಿದೆ ದಿನಾಂಕ പ്രസിദ്ധീകരിച്ചത് "
    # kk ky mn hy ka mt
    "ж жылы оны сарын сар гараг թ թվականի წ წელი ta "
    # th id ms vi fil
    "เผยแพร่ เผยแพร่เมื่อ อัปเดต อัพเดท ปรับปรุง ล่าสุด วันที่ ที่ เวลา น พ ศ ค พศ คศ โพสต์ เมื่อ diterbitkan "
    "dipublikasikan terbit diperbarui terakhir tanggal pukul jam pada dimuat hari pk waktu kemaskini dikemaskini "
    "diterbitkan đăng lúc ngày năm cập nhật xuất bản thời gian giờ phút vào ba inilathala nai-publish ika noong ng ka "
    # zh ja ko
    "发布 發布 发表 發表 发布时间 發布時間 发布于 發布於 更新 更新时间 更新時間 更新于 更新日 时间 時間 日期 公布 "
    "刊登 最后更新 最後更新 於 于 公開 公開日 配信 掲載 掲載日 投稿 投稿日 更新日時 公開日時 登録 付 発信 日時 午 "
    "입력 수정 등록 게재 작성 발행 승인 기사입력 최종수정 최종 업데이트 날짜 시간"
)

# Which half of the day an hour belongs to. Evening words leave 12 o'clock undecided.
HALVES: Final = {
    "am": "am, a.m, a. m, vorm, vormittags, morgens, vm, du matin, matin, de la mañana, mañana, de la madrugada, da "
    "manhã, manhã, da madrugada, del mattino, di mattina, mati, förmiddag, formiddag, f.m, fm, fmd, f.h, ap, aamup, "
    "hommikul, priešpiet, priekšp, priekšpusdienā, rano, ráno, dop, dopoledne, dopoldne, dopoldan, ujutro, ujutru, "
    "prije podne, pre podne, prijepodne, прије подне, пре подне, претпл, претпладне, утра, ранку, дп, преди обяд, "
    "пр.об, сутринта, delelott, délelőtt, dimineața, p.d, e paradites, paradite, π.μ, öö, öğleden önce, sabah, dilit, "
    "таңкы, ү.ө, ертеңгі, r.n, yb, atm, moies, 上午, 早上, 凌晨, 清晨, 早晨, 午前, 朝, 오전, 새벽, 아침, صباحا, "
    "صباحاً, ص, ق.ظ, قبل از ظهر, قبل‌ازظهر, صبح, غ.م, ب.ن, सुबह, पूर्वाह्न, সকাল, পূর্বাহ্ণ, પૂર્વાહ્ન, ਪੂ.ਦੁ, ਸਵੇਰੇ, "
    "ପୂର୍ବାହ୍ନ, முற்பகல், ఉదయం, ಪೂರ್ವಾಹ್ನ, പൂർവാഹ്നം, පෙ.ව, เช้า, ก่อนเที่ยง, ກ່ອນທ່ຽງ, နံနက်, sáng, pagi, pg, "
    "asubuhi, ng umaga, safiya, ጥዋት, לפנה״צ, לפנהצ, בבוקר",
    "pm": "pm, p.m, p. m, nachm, nachmittags, nm, de l'après-midi, de la tarde, tarde, da tarde, del pomeriggio, "
    "pomeriggio, tarda, eftermiddag, ettermiddag, e.m, emd, e.h, ip, iltap, pärastlõunal, popiet, pēcp, pēcpusd, "
    "pēcpusdienā, po południu, popołudniu, odp, odpoledne, pop, popoldne, popoldan, poslije podne, posle podne, po "
    "podne, poslijepodne, popodne, послије подне, по подне, поподне, попл, попладне, дня, дні, пп, след обяд, сл.об, "
    "следобед, du, délután, după-amiaza, m.d, e pasdites, pasdite, μ.μ, ös, öğleden sonra, түштөн кийинки, ү.х, i.n, "
    "yh, ptm, nomëttes, 下午, 午後, 午后, 오후, م, بعد از ظهر, بعدازظهر, ب.ظ, عصر, ظهرا, غ.و, د.ن, दोपहर, अपराह्न, "
    "বিকাল, অপরাহ্ণ, અપરાહ્ન, ਬਾ.ਦੁ, ଅପରାହ୍ନ, பிற்பகல், మధ్యాహ్నం, ಅಪರಾಹ್ನ, അപരാഹ്നം, ප.ව, หลังเที่ยง, บ่าย, "
    "ຫຼັງທ່ຽງ, ညနေ, chiều, sore, petang, ptg, jioni, ng hapon, yamma, ከሰዓት, אחה״צ, אחהצ",
    "evening": "abends, du soir, soir, de la noche, noche, da noite, noite, di sera, della sera, vespre, kvällen, "
    "illalla, wieczorem, večer, navečer, uveče, вечера, вечора, вечерта, akşam, 晚上, 傍晚, 夜, 저녁, 밤, مساء, "
    "مساءً, شب, शाम, সন্ধ্যা, సాయంత్రం, tối, malam, usiku, ng gabi, בערב",
}

# Minutes east of UTC, or an IANA name where they depend on the day. Ambiguous names as most of their users mean them.
ZONES: Final[dict[str, int | str]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "uct": 0, "zulu": 0, "wet": 0, "azost": 0, "azot": -60, "cvt": -60, "egt": -60,
    "bst": 60, "ist": 330, "west": 60, "cet": 60, "mez": 60, "met": 60, "cest": 120, "cedt": 120, "mesz": 120,
    "mest": 120, "eet": 120, "eest": 180, "oez": 120, "oesz": 180, "msk": 180, "мск": 180, "msd": 240, "fet": 180,
    "sast": 120, "wat": 60, "eat": 180, "cat": 120, "idt": 180, "trt": 180, "ast": -240, "gst": 240, "samt": 240,
    "azt": 240, "sct": 240, "irst": 210, "irdt": 270, "aft": 270, "pkt": 300, "uzt": 300,
    "tjt": 300, "tmt": 300, "yekt": 300, "mvt": 300, "npt": 345, "slst": 330, "kgt": 360, "omst": 360, "btt": 360,
    "mmt": 390, "ict": 420, "wib": 420, "krat": 420, "novt": 420, "hovt": 420, "hkt": 480, "sgt": 480, "myt": 480,
    "pht": 480, "phst": 480, "wita": 480, "awst": 480, "irkt": 480, "ulat": 480, "bnt": 480, "jst": 540, "kst": 540,
    "wit": 540, "yakt": 540, "tlt": 540, "acst": 570, "acdt": 630, "aest": 600, "vlat": 600, "pgt": 600, "chst": 600,
    "aedt": 660, "magt": 660, "sbt": 660, "nzst": 720, "pett": 720, "fjt": 720, "nzdt": 780, "brt": -180,
    "brst": -120, "art": -180, "uyt": -180, "gft": -180, "srt": -180, "clt": -240, "clst": -180, "bot": -240,
    "vet": -240, "gyt": -240, "cot": -300, "pet": -300, "nst": -210, "ndt": -150, "adt": -180, "est": -300,
    "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540,
    "akdt": -480, "hst": -600, "sst": -660, "hne": -300, "hae": -240, "hnc": -360, "hac": -300, "hnp": -480,
    "hap": -420,
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "akt": "America/Anchorage",
}  # fmt: skip

# Names of several words, or without an abbreviation of their own.
ZONE_PHRASES: Final[dict[str, int | str]] = {
    "cet/cest": "Europe/Paris", "mez/mesz": "Europe/Berlin", "eet/eest": "Europe/Helsinki", "gmt/bst": "Europe/London",
    "est/edt": "America/New_York", "cst/cdt": "America/Chicago", "pst/pdt": "America/Los_Angeles",
    "eastern standard time": -300, "eastern daylight time": -240, "eastern time": "America/New_York",
    "eastern": "America/New_York", "central standard time": -360, "central daylight time": -300,
    "central time": "America/Chicago", "mountain standard time": -420, "mountain daylight time": -360,
    "mountain time": "America/Denver", "pacific standard time": -480, "pacific daylight time": -420,
    "pacific time": "America/Los_Angeles", "pacific": "America/Los_Angeles", "greenwich mean time": 0,
    "coordinated universal time": 0, "british summer time": 60, "uk time": "Europe/London",
    "london time": "Europe/London", "central european time": 60, "central european standard time": 60,
    "central european summer time": 120, "eastern european time": 120, "eastern european standard time": 120,
    "eastern european summer time": 180, "mitteleuropäische zeit": 60, "mitteleuropäische normalzeit": 60,
    "mitteleuropäische sommerzeit": 120, "heure de paris": "Europe/Paris", "hora peninsular": "Europe/Madrid",
    "hora de brasília": "America/Sao_Paulo", "horário de brasília": "America/Sao_Paulo",
    "moscow standard time": 180, "moscow time": 180, "по москве": 180, "по мск": 180, "по московскому времени": 180,
    "московского времени": 180, "за київським часом": "Europe/Kyiv", "за києвом": "Europe/Kyiv",
    "по киеву": "Europe/Kyiv", "по минску": 180, "israel time": "Asia/Jerusalem", "israel standard time": 120,
    "israel daylight time": 180, "india standard time": 330, "indian standard time": 330,
    "pakistan standard time": 300,
    "china standard time": 480, "beijing time": 480, "北京时间": 480, "北京時間": 480, "台北時間": 480,
    "台灣時間": 480, "香港時間": 480, "香港时间": 480, "hong kong time": 480, "singapore time": 480,
    "japan standard time": 540, "japan time": 540, "日本時間": 540, "korea standard time": 540, "한국시간": 540,
    "australian eastern standard time": 600, "australian eastern daylight time": 660, "new zealand standard time": 720,
    "new zealand daylight time": 780, "توقيت غرينتش": 0, "بتوقيت غرينتش": 0, "بتوقيت مكة المكرمة": 180,
    "بتوقيت القاهرة": "Africa/Cairo", "گرینویچ": 0, "به وقت تهران": "Asia/Tehran", "türkiye saati": 180, "tsi": 180,
}  # fmt: skip
