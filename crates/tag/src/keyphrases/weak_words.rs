//! Words that any text may have, whatever it is about. They are no stop words, but say little on their own.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// By language, words parted by white space, in the form that is common; all are looked up as they are.
const LISTS: &[(&str, &str)] = &[
    (
        "en",
        "able accept according account accounts achieve across act actual actually add added address article articles aim allow allowed allows
         already also although among amount announced another answer anyone anything apparent appear appeared appears application
         applications applied apply approach approaches area areas around ask asked asks assume attempt available average away back
         bad base based basic basis became become becomes began begin beginning begins behavior believe believed best better beyond big
         bit bring brings brought build built call called calls came can't care carried case cases cause caused causes certain
         certainly chance change changed changes choose claim claimed clear clearly close come comes coming common compare compared
         complete completely concept concern concerned consider considered considers consists contain contains continue continued
         correct cost could couldn't course create created current currently daily date day days deal decade decades decided deep
         define defined demonstrate demonstrated depend depends describe described describes design designed despite detail
         details determine determined develop developed developing development didn't difference different difficult direct directly discuss
         discussed does doesn't doing done don't due early easily easy effect effective effects either else enable end ended enough
         ensure entire especially establish established etc even ever every everyone everything evidence exactly example examples except
         exist existing expect expected experience explain explained extend extended fact factor factors far fast feet foot feature features feel
         felt figure finally find finding findings finds fine first five focus follow followed following follows form former forms
         forward found four full fully further future gain gave general generally get gets getting give given gives giving go goal
         goes going gone good got great greater group groups grow growing had half hand hands happen happened happens hard having he's held help
         helped helps high higher highest highly hold home hope hour hours however hundred hundreds i'm idea ideas identified identify
         immediately impact important improve improved include included includes including increase increased increasing indeed
         indicate individual information initial instead interest interested interesting introduce introduced investigate investigated
         involved isn't issue issues it's itself january february march april may june july august september october november december
         job keep key kind knew know known knows lack large largely larger largest last late later latest lead leading leads learn least
         leave led left less let let's level levels light like likely line lines list little live lives local long longer look looked
         looking looks lost lot low lower made main mainly major make makes making man manner many maybe mean means measure measured meet
         member members men mentioned merely method methods middle million might mind minute minutes model moment monday tuesday wednesday
         thursday friday saturday sunday month months morning mostly move moved much must name named natural nature near nearly necessary
         need needed needs never nevertheless new next nice night nine nobody normal note noted nothing novel number numbers observe observed
         obtain obtained occur occurs offer offered offers office official officials often old one ones onto open option order original
         others otherwise outside overall own pages paper part particular particularly parts pass past pay people per percent perform
         performance performed perhaps period person place places plan play please point points poor position possible possibly potential power
         practical practice present presented presents press previous previously probably problem problems procedure process produce
         produced proper properties proposed propose proposes provide provided provides providing public put question questions quickly quite
         range rate rather reach reached read ready real really reason reasons receive received recent recently reduce reduced regard
         related relation relative relatively remain remains report reported reports represent represented require required requires
         respect respectively response rest result resulted results return revealed right role round run running said same saw say saying
         says scale second section see seek seem seemed seems seen send sense sent series serious set sets seven several shall share short
         shortly should show showed shown shows side significant significantly similar simple simply since single site situation six size
         small so-called someone something sometimes soon sort source special specific spend spent stage stand start started starts state
         stated step still stop strong studied studies study subject success successful such suddenly sufficient suggest suggested
         suggests support sure surface system systems take taken takes taking talk tell tells ten term terms test tested that's there's
         therefore they're thing things think third though thought thousand thousands three thus till time times today together told
         tomorrow took top total toward towards tried true try trying turn turned twice two type types typical understand understanding
         unit unless unlike unlikely use used useful user uses using usual usually value values various vary version very view wait want
         wanted wants wasn't watch way ways we're week weeks well went what's whether whole whose wide widely will wish within
         without woman women won't word words work worked working works world worth would write written wrong year years yes yesterday
         yet you're young mr mrs ms dr prof jan feb mar apr jun jul aug
         sep sept oct nov dec vol spoke speak promise promised replied refused agreed decide arrived",
    ),
    (
        "fr",
        "ainsi ajouter ajouté aller alors an année années annoncé ans appel après assez aujourd'hui aurait aussi autre autres avait avant
         avoir beaucoup bien bon bonne cas cause cela celle celui cent certain certaine certains chaque chose choses cinq coup cours
         côté date deux depuis dernier dernière derniers devant devrait dire dit doit donc donner dont déclaré déjà début encore ensemble
         entre effet eu exemple faire fait faut fin fois font force forme grand grande grands groupe gros heure heures hier homme hommes
         ici jamais janvier février mars avril mai juin juillet août septembre octobre novembre décembre jeudi jour jours jusqu lieu
         long lors lorsque lundi mardi mercredi vendredi samedi dimanche lui là ligne mettre mieux million millions milliard milliards
         mis mise moins mois moment monde mort même mêmes nombre nombreuses nombreux nouveau nouveaux nouvelle nouvelles numéro nuit
         ont part partie parti pas passer passé pays pendant personne personnes petit petite peu peut peuvent place plan plupart plus
         plusieurs point porte pouvoir premier première premiers presque prendre pris prix problème prochain prochaine près quatre quelque
         quelques question qu quoi rapport reste rien rôle sait sans selon semaine semaines serait seul seule seulement seront six soir
         soit sont suite sujet surtout sûr tant temps tenir tous tout toute toutes travail trois trop trouve trouver type utilisé venir
         vers vie ville voir vu également été être",
    ),
    (
        "de",
        "allem allen alten andere anderen arbeit art bald bei beiden beim beispiel bekannt besonders besser bis bisher bleibt
         bringen dabei dafür dagegen daher damals damit danach dazu deutlich dienstag donnerstag drei dritten eben eigenen einfach
         einige einigen einmal ende endlich ersten erst erklärte etwa etwas fall fast fest folgenden form frage freitag früher fünf
         führen ganz ganze gar geben gegeben gegenüber gehen geht gemacht genau gerade gern gibt ging gleich groß große großen grund gut
         gute guten hälfte hand heute hier hoch immer insgesamt jahr jahre jahren januar februar märz april mai juni juli august september
         oktober november dezember jede jeden jetzt kam kaum kleine kleinen komme kommen kommt konnte kurz lange lassen lässt leben letzte
         letzten leute liegt machen macht mal mann mehr mehrere meist menschen millionen milliarden mittwoch montag monat monate monaten
         morgen möglich muss nächste nächsten natürlich neben nehmen neu neue neuen neuer nie nun oft ohne paar platz prozent recht richtig
         rund sagen sagt sagte samstag schnell schon seit seite sehen sehr sei sieht sogar sollen sollte sonntag später stadt statt stehen
         steht stelle stellen stunden tag tage tagen teil tun uhr unternehmen viel viele vielen vier völlig wegen weg weil weit weitere weiter
         weiteren welt wenig wenige weniger wieder will wirklich wissen woche wochen wohl wollen wort worden zahl zehn zeigen zeigt zeit
         ziel zufolge zurück zusammen zwar zwei zweite zweiten zwischen",
    ),
    (
        "es",
        "además ahora algo alguna algunas algunos alguno año años antes aquí así aunque ayer bajo bien buen buena cada casa casi caso
         casos causa cierto cinco cómo cosa cosas cuatro cualquier cuenta dar dado debe deben decir dejar dentro desde después día días dice dijo
         donde dos durante ejemplo embargo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
         encuentra entonces espacio esta estado están estaba este estar fecha fin forma fue gran grande grandes grupo haber había hace hacer
         hacia hasta hecho hombre hora horas hoy hubo igual importante incluso ir jueves lado largo lugar lunes llegar llegó lleva
         manera martes más mañana mayor mayores mayoría mejor menos mes meses miércoles miles millones mientras mismo misma mismos momento
         muchas mucho muchos mujer mundo muy nada nadie ninguna ningún noche nombre nueva nuevas nuevo nuevos número nunca obra otra otras
         otro otros país países parte partir pasado pasar persona personas pesar poco pocos poder podría posible primer primera primero
         primeros problema próximo pueblo puede pueden puesto punto pues realidad realizar resultado resto sábado saber sabe seguir según
         segundo segunda seis semana semanas señaló sentido ser será sido siempre sigue siguiente sin sino sistema situación sobre solo sólo
         tal también tanto tarde tema tener tenía tiempo tiene tienen tipo toda todas todavía todo todos tomar total trabajo tras tres última
         últimas último últimos única único usted va vamos varias varios veces ver vez vida viernes domingo vista volver",
    ),
    (
        "pt",
        "acordo afirmou agora ainda alguma algumas alguns altura ano anos antes apenas após aqui assim através bem boa bom cada casa caso casos
         causa cerca certo cinco coisa coisas conta contra dar data dentro depois desde dessa deste dever deve dia dias dia-a-dia disse diz dizer
         dois duas durante então enquanto entanto entre era espaço essa estado estão estar eu exemplo existe falar fazer faz fez fica ficar
         fim foi fora foram forma força frente geral grande grandes grupo haver havia hoje homem hora horas ideia importante início ir isso já
         janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro lado lá local longo lugar maior maiores
         maioria mais mal manhã mas melhor menos mês meses mesma mesmo mil milhão milhões minuto minutos modo momento mulher muita muitas muito
         muitos mundo nada noite nome nova novas novo novos número nunca obra onde ontem outra outras outro outros país países
         para parte partir passado pessoa pessoas pode podem poder ponto porque pouco pouco possível precisa primeira primeiro primeiros
         problema próximo próxima quase quatro quando quarta quem quer quinta relação resto resultado sábado saber sabe segunda segundo seis
         sem semana semanas semelhante sempre sentido ser será sexta sido sim situação só sobre sua tal também tanto tarde tem tempo ter terça
         terceira teve tipo toda todas todo todos trabalho três última último últimos um único vai várias vários vez vezes ver verdade vida
         vista vez",
    ),
    (
        "it",
        "adesso alcune alcuni allora almeno altra altre altri altro ancora anche anni anno appena avere bene caso casi certo che cinque
         circa come cosa così cui dare data davanti detto dice dire domani dopo dove due durante ecco essere fa fare fatto fine fino forma forse
         gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre già giorni giorno giovedì grande
         grandi gruppo ieri importante infatti insieme invece lavoro lunedì lungo luogo maggiore mai martedì meglio meno mercoledì mese mesi
         mille milioni miliardi modo molta molte molti molto momento mondo nessuno niente nome notte nulla numero nuova nuove nuovi nuovo
         oggi ogni ora ore oltre ormai paese paesi parte passato persona persone piccolo più poco poi posto possibile potrebbe presto prima
         primi primo problema proprio prossimo punto quale qualche quando quanto quasi quattro resto risultato sabato secondo sei
         sempre senza sera settimana settimane solo soltanto sopra stata stato stesso strada subito tale tanto tempo tipo tra tre troppo tutta
         tutte tutti tutto uomo uno uomini venerdì verso vita volta volte domenica",
    ),
    (
        "ru",
        "год года году годы лет время времени день дня дней человек человека людей люди дело дела место места часть части раз раза результат
         результате вопрос вопросы проблема проблемы случай случае число числе стороны сторон жизнь жизни работа работы работу сказал сказала сообщил
         сообщила сообщили заявил заявила отметил отметила рассказал рассказала добавил добавила считает говорит будет стал стала нужно должен должны
         должна новый новая новое новые нового новой новых большой большая больше первый первая первые первых последний последние последних второй
         один одна одного два двух три трёх несколько многие много также около почти сейчас сегодня вчера завтра ранее позже недавно января февраля
         марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среду четверг пятницу субботу воскресенье месяц
         месяца месяцев неделя недели недель час часа часов минут тысяч тысячи миллион миллиона миллионов миллиард миллиарда миллиардов млн млрд тыс
         рублей рубля руб процентов процента начала начале конце конец помощь помощью образом является являются сделать получить начать можно
         возможно необходимо просто очень именно однако например",
    ),
    (
        "zh",
        "表示 认为 指出 介绍 报道 记者 今年 去年 明年 目前 近日 日前 工作 问题 情况 方面 部分 地区 时间 发展 开始 继续 提高 增加 减少 达到 超过 实现 推动 加强
         决定 宣布 希望 需要 可能 成为 出现 发生 进入 完成 提供 包括 影响 结果 原因 方式 过程 主要 重要 新 大 小 高 低 多 人 人们 今天 昨天 明天 最近 同时
         另外 左右 以上 以下 之后 之前 期间 未来 当地 有关 相关 其中 每天 预计 计划 要求 担心 告诉 参加 举行 接受 采访 发布 负责 负责人 使用 利用 全部 几乎 已经
         约 家 名 元 亿 万 第一 许多 不少 一定 十分 特别 比较 直接 完全 逐渐 表明 显示 来说 起来 下来 出来 回来 今后 如今 上午 下午 年代 年度 說 認為 記者
         報導 問題 時間 開始 繼續 決定 成為 計畫 預計",
    ),
    (
        "ja",
        "発表 説明 今年 昨年 来年 今月 同日 問題 可能 必要 予定 開始 終了 実施 関係 場合 状況 結果 理由 方法 以上 以下 程度 一部 全体 最近 現在 今後 当時 地元
         人々 多く 昨日 今日 明日 午前 午後 時間 年間 期間 対象 中心 利用 使用 参加 指摘 心配 期待 計画 検討 決定 影響 増加 減少 重要 新た 大きな 小さな 本当
         実際 特別 一般 約 新 大 小 高 第 万 億 円 人 人間 記者 取材 担当 担当者 関係者 話 声 方 点 件 回 度 個 本 台 年 月 日",
    ),
];

static TABLES: LazyLock<Vec<(&'static str, FxHashSet<&'static str>)>> = LazyLock::new(|| {
    LISTS.iter().map(|(language, words)| (*language, words.split_ascii_whitespace().collect())).collect()
});

/// The weak words of a language; empty where there is no list.
pub(super) fn weak_words(language: &str) -> Option<&'static FxHashSet<&'static str>> {
    let language = language.split(['-', '_']).next().unwrap_or_default();
    TABLES.iter().find(|(known, _)| *known == language).map(|(_, words)| words)
}
