/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Believable people, jobs and places for the sandbox. Nobody here is a real person: first and last
 * names are drawn apart, and every address is under a domain reserved for examples. */

#include "config.h"

#include "sandbox-names.h"

#include <string.h>

const SandboxCulture sandbox_cultures[] = {
  { "United Kingdom", "GB",
    { "Olivia", "George", "Isla", "Harry", "Freya", "Callum", "Poppy", "Rhys", "Eleanor", "Alfie", "Niamh|niamh", "Tom" },
    { "Ashworth", "Hughes", "Whitfield", "Marsh", "O’Brien|obrien", "Fairbairn", "Pritchard", "Langley", "Sutton", "McAllister", "Holloway", "Penrose" },
    { "Bristol", "Leeds", "St Helier" } },
  { "Germany", "DE",
    { "Lena", "Jonas", "Jürgen|juergen", "Mia", "Björn|bjoern", "Anneliese", "Lukas", "Käthe|kaethe", "Felix", "Sabine", "Matthias", "Greta" },
    { "Schäfer|schaefer", "Müller|mueller", "Vogt", "Groß|gross", "Lehmann", "Königs|koenigs", "Brandt", "Winkler", "Öztürk|oeztuerk", "Hartmann", "Weiß|weiss", "Baumgärtner|baumgaertner" },
    { "Hamburg", "Leipzig", "Köln" } },
  { "France", "FR",
    { "Chloé|chloe", "Hugo", "Amélie|amelie", "Théo|theo", "Inès|ines", "François|francois", "Zoé|zoe", "Maël|mael", "Noémie|noemie", "Étienne|etienne", "Manon", "Rémi|remi" },
    { "Lefèvre|lefevre", "Moreau", "Garnier", "Béranger|beranger", "Dubois", "Le Goff|legoff", "Chevalier", "Fontaine", "Gauthier", "Perrot", "d’Aubigny|daubigny", "Rousseau" },
    { "Lyon", "Nantes", "Lille" } },
  { "Spain", "ES",
    { "Lucía|lucia", "Íñigo|inigo", "Begoña|begona", "Álvaro|alvaro", "Carmen", "Joaquín|joaquin", "Ximena", "Raúl|raul", "Nuria", "Mateo", "Itziar", "Andrés|andres" },
    { "García Márquez|garcia.marquez", "Núñez|nunez", "Etxeberria", "Peña|pena", "Domínguez|dominguez", "Castaño|castano", "Ibáñez|ibanez", "Soler", "Quintero", "Rojas", "Muñoz|munoz", "Vidal" },
    { "Valencia", "Bilbao", "Sevilla" } },
  { "Brazil", "BR",
    { "João|joao", "Beatriz", "Thaís|thais", "Caetano", "Luíza|luiza", "Antônio|antonio", "Jussara", "Murilo", "Iara", "Davi", "Conceição|conceicao", "Otávio|otavio" },
    { "Gonçalves|goncalves", "da Silva|dasilva", "Araújo|araujo", "Magalhães|magalhaes", "Ferreira", "Assunção|assuncao", "dos Santos|dossantos", "Nogueira", "Brandão|brandao", "Teixeira", "Falcão|falcao", "Queiroz" },
    { "Recife", "Curitiba", "São Paulo" } },
  { "Italy", "IT",
    { "Chiara", "Niccolò|niccolo", "Giulia", "Matteo", "Ludovica", "Raffaele", "Noemi", "Tommaso", "Ilaria", "Corrado", "Benedetta", "Elia" },
    { "Bianchi", "D’Angelo|dangelo", "Ferraro", "Cantù|cantu", "Moretti", "De Santis|desantis", "Ricci", "Pellegrini", "Galli", "Lo Presti|lopresti", "Marchetti", "Vitale" },
    { "Torino", "Bologna", "Bari" } },
  { "Poland", "PL",
    { "Zofia", "Łukasz|lukasz", "Małgorzata|malgorzata", "Paweł|pawel", "Agnieszka", "Błażej|blazej", "Kinga", "Michał|michal", "Żaneta|zaneta", "Wojciech", "Hanna", "Jędrzej|jedrzej" },
    { "Wójcik|wojcik", "Kowalczyk", "Dąbrowska|dabrowska", "Szczęsny|szczesny", "Żuławski|zulawski", "Lewandowska", "Grzegorzewski", "Piątek|piatek", "Wiśniewski|wisniewski", "Górska|gorska", "Zając|zajac", "Brzęczyszczykiewicz|brzeczyszczykiewicz" },
    { "Gdańsk", "Kraków", "Wrocław" } },
  { "Czechia", "CZ",
    { "Jonas", "Tereza", "Jiří|jiri", "Markéta|marketa", "Ondřej|ondrej", "Eliška|eliska", "Matěj|matej", "Žofie|zofie", "Štěpán|stepan", "Lucie", "Vojtěch|vojtech", "Růžena|ruzena" },
    { "Šimek|simek", "Dvořáková|dvorakova", "Novotný|novotny", "Říha|riha", "Černá|cerna", "Hájek|hajek", "Kučerová|kucerova", "Žižka|zizka", "Vlček|vlcek", "Pospíšilová|pospisilova", "Beneš|benes", "Doležal|dolezal" },
    { "Brno", "Praha", "Olomouc" } },
  { "Denmark", "DK",
    { "Søren|soeren", "Freja", "Åse|aase", "Magnus", "Bjørk|bjoerk", "Rasmus", "Ingeborg", "Jørgen|joergen", "Sigrid", "Mads", "Astrid", "Lærke|laerke" },
    { "Kjærgaard|kjaergaard", "Nørgård|noergaard", "Lindqvist", "Ødegaard|oedegaard", "Sørensen|soerensen", "Åkerblom|aakerblom", "Holm", "Bjørklund|bjoerklund", "Dahl", "Hægstad|haegstad", "Mikkelsen", "Þórsdóttir|thorsdottir" },
    { "Aarhus", "Malmö", "Bergen" } },
  { "Nigeria", "NG",
    { "Amara", "Chinedu", "Folasadé|folasade", "Ọlúwaṣeun|oluwaseun", "Ngozi", "Emeka", "Temitope", "Aisha", "Ifeanyi", "Zainab", "Babatunde", "Adaeze" },
    { "Okafor", "Adéyẹmí|adeyemi", "Balogun", "Nwosu", "Ibrahim", "Ọlátúnjí|olatunji", "Eze", "Bello", "Okonkwo", "Afolabi", "Danjuma", "Uzoma" },
    { "Lagos", "Abuja", "Ibadan" } },
  { "Kenya", "KE",
    { "Wanjiru", "Kipchoge", "Achieng", "Mwangi", "Makena", "Otieno", "Nyambura", "Baraka", "Selam", "Tewodros", "Zawadi", "Juma" },
    { "Kamau", "Odhiambo", "Cheruiyot", "Wekesa", "Mutua", "Njoroge", "Tesfaye", "Hassan", "Ochieng’|ochieng", "Kiptoo", "Bekele", "Mohamud" },
    { "Nairobi", "Mombasa", "Kisumu" } },
  { "India", "IN",
    { "Aarav", "Priya", "Rohan", "Ananya", "Karthik", "Meera", "Imran", "Lakshmi", "Vikram", "Sunita", "Devika", "Harpreet" },
    { "Iyer", "Sharma", "Chatterjee", "Reddy", "Kaur", "Deshmukh", "Nair", "Patel", "Banerjee", "Qureshi", "Subramaniam", "Venkataraman" },
    { "Pune", "Kochi", "Bengaluru" } },
  { "India", "IN",
    { "आदित्य|aditya", "कविता|kavita", "राहुल|rahul", "नेहा|neha", "संजय|sanjay", "पूजा|pooja", "विवेक|vivek", "सीमा|seema", "मनोज|manoj", "ज्योति|jyoti", "सूरज|suraj", "अंजलि|anjali" },
    { "शर्मा|sharma", "वर्मा|verma", "कुलकर्णी|kulkarni", "मिश्रा|mishra", "गुप्ता|gupta", "सिंह|singh", "पाटिल|patil", "चौहान|chauhan", "जोशी|joshi", "त्रिपाठी|tripathi", "यादव|yadav", "देशपांडे|deshpande" },
    { "मुंबई", "लखनऊ", "जयपुर" } },
  { "Bangladesh", "BD",
    { "অনিন্দ্য|anindya", "মৌসুমী|mousumi", "রফিক|rafiq", "তানিয়া|tania", "সুমন|sumon", "নাসরিন|nasrin", "আরিফ|arif", "শর্মিলা|sharmila", "জাহিদ|zahid", "রুমানা|rumana", "কামাল|kamal", "ফারহানা|farhana" },
    { "রহমান|rahman", "সেন|sen", "চৌধুরী|chowdhury", "ইসলাম|islam", "দাস|das", "হোসেন|hossain", "গাঙ্গুলী|ganguly", "আহমেদ|ahmed", "সরকার|sarkar", "খান|khan", "মজুমদার|majumdar", "বিশ্বাস|biswas" },
    { "ঢাকা", "চট্টগ্রাম", "সিলেট" } },
  { "China", "CN",
    { "明|ming", "婷|ting", "伟|wei", "秀英|xiuying", "浩然|haoran", "静怡|jingyi", "建国|jianguo", "梓涵|zihan", "欣|xin", "宇轩|yuxuan", "丽|li", "思远|siyuan" },
    { "李|li", "王|wang", "张|zhang", "刘|liu", "陈|chen", "杨|yang", "欧阳|ouyang", "吴|wu", "周|zhou", "徐|xu", "司马|sima", "郭|guo" },
    { "上海", "成都", "深圳" } },
  { "Singapore", "SG",
    { "Wei Ling|weiling", "Jun Hao|junhao", "Mei Xin|meixin", "Kai", "Siti", "Ahmad", "Hui Min|huimin", "Darren", "Nurul", "Zhi Yong|zhiyong", "Putri", "Arjun" },
    { "Tan", "Ng", "Lim", "Goh", "binte Rahman|rahman", "Ong", "Chua", "bin Osman|osman", "Lee", "Teo", "Wijaya", "Koh" },
    { "Singapore", "Penang", "Jakarta" } },
  { "Japan", "JP",
    { "陽菜|hina", "蓮|ren", "美咲|misaki", "翔太|shota", "さくら|sakura", "大輔|daisuke", "結衣|yui", "健一|kenichi", "葵|aoi", "悠真|yuma", "直子|naoko", "樹|itsuki" },
    { "佐藤|sato", "鈴木|suzuki", "高橋|takahashi", "渡辺|watanabe", "伊藤|ito", "山本|yamamoto", "小林|kobayashi", "吉田|yoshida", "清水|shimizu", "森|mori", "石川|ishikawa", "長谷川|hasegawa" },
    { "東京", "大阪", "福岡" } },
  { "South Korea", "KR",
    { "지우|jiwoo", "민준|minjun", "서연|seoyeon", "도윤|doyoon", "하은|haeun", "예준|yejun", "수빈|subin", "현우|hyunwoo", "지민|jimin", "은지|eunji", "태양|taeyang", "나래|narae" },
    { "김|kim", "이|lee", "박|park", "최|choi", "정|jung", "강|kang", "조|cho", "윤|yoon", "임|lim", "한|han", "남궁|namgung", "신|shin" },
    { "서울", "부산", "대전" } },
  { "Egypt", "EG",
    { "ليلى|layla", "عمر|omar", "فاطمة|fatima", "يوسف|youssef", "نور|nour", "خالد|khaled", "سلمى|salma", "طارق|tarek", "رانيا|rania", "حسن|hassan", "مريم|mariam", "زياد|ziad" },
    { "حداد|haddad", "المصري|elmasry", "خوري|khoury", "عبد الله|abdallah", "النجار|elnaggar", "منصور|mansour", "سليمان|soliman", "الشريف|elsherif", "قاسم|qasim", "بدوي|badawi", "فارس|fares", "درويش|darwish" },
    { "القاهرة", "بيروت", "عمّان" } },
  { "Morocco", "MA",
    { "Yasmine", "Mehdi", "Amine", "Khadija", "Soufiane", "Hajar", "Ilyas", "Nadia", "Rachid", "Salma", "Zakaria", "Imane" },
    { "El Amrani|elamrani", "Benjelloun", "Ouahbi", "Aït Lahcen|aitlahcen", "Chraibi", "Berrada", "Bouazza", "Tazi", "El Idrissi|elidrissi", "Haddaoui", "Lahlou", "Zniber" },
    { "Rabat", "Casablanca", "Tunis" } },
  { "Israel", "IL",
    { "נועה|noa", "איתי|itay", "תמר|tamar", "יונתן|yonatan", "שירה|shira", "אורי|uri", "מאיה|maya", "דניאל|daniel", "יעל|yael", "עידו|ido", "רותם|rotem", "גיל|gil" },
    { "כהן|cohen", "לוי|levi", "מזרחי|mizrahi", "פרץ|peretz", "ביטון|biton", "אברהם|avraham", "פרידמן|friedman", "אזולאי|azoulay", "גולן|golan", "שפירא|shapira", "ברק|barak", "קליין|klein" },
    { "חיפה", "תל אביב", "באר שבע" } },
  { "Greece", "GR",
    { "Ελένη|eleni", "Γιώργος|giorgos", "Κατερίνα|katerina", "Δημήτρης|dimitris", "Σοφία|sofia", "Νίκος|nikos", "Αθηνά|athina", "Θανάσης|thanasis", "Ιωάννα|ioanna", "Στέλιος|stelios", "Δάφνη|dafni", "Μάριος|marios" },
    { "Παπαδόπουλος|papadopoulos", "Οικονόμου|oikonomou", "Γεωργίου|georgiou", "Νικολάου|nikolaou", "Αγγελοπούλου|angelopoulou", "Καραμανλής|karamanlis", "Ιωαννίδης|ioannidis", "Βλάχος|vlachos", "Μακρή|makri", "Δημητρίου|dimitriou", "Σταύρου|stavrou", "Αλεξίου|alexiou" },
    { "Αθήνα", "Θεσσαλονίκη", "Πάτρα" } },
  { "Ukraine", "UA",
    { "Оксана|oksana", "Тарас|taras", "Соломія|solomiia", "Богдан|bohdan", "Ярослава|yaroslava", "Андрій|andrii", "Зоряна|zoriana", "Назар|nazar", "Ірина|iryna", "Остап|ostap", "Леся|lesia", "Юрій|yurii" },
    { "Шевчук|shevchuk", "Коваленко|kovalenko", "Бондаренко|bondarenko", "Іванюк|ivaniuk", "Мельник|melnyk", "Ткачук|tkachuk", "Гнатюк|hnatiuk", "Лисенко|lysenko", "Поліщук|polishchuk", "Савченко|savchenko", "Кравець|kravets", "Чорновол|chornovol" },
    { "Львів", "Київ", "Одеса" } },
  { "Turkey", "TR",
    { "Elif", "Çağrı|cagri", "Şebnem|sebnem", "İbrahim|ibrahim", "Gülşen|gulsen", "Özgür|ozgur", "Defne", "Yiğit|yigit", "Işıl|isil", "Ümit|umit", "Zeynep", "Barış|baris" },
    { "Yıldız|yildiz", "Çelik|celik", "Öztürk|ozturk", "Şahin|sahin", "Aydın|aydin", "Güneş|gunes", "Kılıç|kilic", "Doğan|dogan", "Arslan", "Ünal|unal", "Bağcı|bagci", "İnan|inan" },
    { "İzmir", "İstanbul", "Ankara" } },
  { "Vietnam", "VN",
    { "Thị Hương|huong", "Minh Anh|minhanh", "Quốc Bảo|quocbao", "Thùy Linh|thuylinh", "Đức|duc", "Ngọc Ánh|ngocanh", "Tuấn Kiệt|tuankiet", "Phương|phuong", "Hoàng Long|hoanglong", "Bích Ngọc|bichngoc", "Khánh|khanh", "Trà My|tramy" },
    { "Nguyễn|nguyen", "Trần|tran", "Lê|le", "Phạm|pham", "Huỳnh|huynh", "Võ|vo", "Đặng|dang", "Bùi|bui", "Đỗ|do", "Hồ|ho", "Ngô|ngo", "Dương|duong" },
    { "Đà Nẵng", "Hà Nội", "Huế" } },
  { "Iran", "IR",
    { "پریسا|parisa", "آرش|arash", "نسرین|nasrin", "کاوه|kaveh", "شیرین|shirin", "بهرام|bahram", "مهسا|mahsa", "سیاوش|siavash", "لاله|laleh", "فرهاد|farhad", "گلناز|golnaz", "امیر|amir" },
    { "حسینی|hosseini", "کریمی|karimi", "رستمی|rostami", "احمدی|ahmadi", "شیرازی|shirazi", "نوری|nouri", "مرادی|moradi", "تهرانی|tehrani", "جعفری|jafari", "صادقی|sadeghi", "یزدانی|yazdani", "فروغی|foroughi" },
    { "تهران", "شیراز", "اصفهان" } },
  { "Thailand", "TH",
    { "สมชาย|somchai", "มาลี|malee", "อนงค์|anong", "ธนวัฒน์|thanawat", "พิมพ์ชนก|pimchanok", "กิตติ|kitti", "สุดา|suda", "ณัฐ|nat", "วารี|waree", "ประเสริฐ|prasert", "ชลธิชา|chonthicha", "นรินทร์|narin" },
    { "สุขใจ|sukjai", "วงศ์สวัสดิ์|wongsawat", "แสงทอง|saengthong", "บุญมี|boonmee", "ศรีสุข|srisuk", "ทองดี|thongdee", "จันทร์เพ็ญ|chanpen", "รัตนกุล|rattanakul", "พงษ์พันธ์|pongpan", "ใจดี|jaidee", "มณีวงศ์|maneewong", "เจริญผล|charoenphol" },
    { "กรุงเทพฯ", "เชียงใหม่", "ขอนแก่น" } },
  { "United States", "US",
    { "Madison", "Tyrone", "Emily", "Jamal", "Guadalupe", "Hunter", "Keisha", "Noah", "Kalani", "Dakota", "Tallulah", "José|jose" },
    { "Washington", "Ramírez|ramirez", "Kowalski", "Begay", "Kealoha", "Thompson", "Nguyen", "Rosenberg", "Johnson-Lee|johnson-lee", "Freeman", "Delacroix", "St. John|stjohn" },
    { "Austin", "Detroit", "Portland" } },
};
const guint sandbox_n_cultures = G_N_ELEMENTS (sandbox_cultures);

/* Workflow indexes: 0 engineering, 1 standard, 2 graduates, 3 operations, 4 leadership. */
const SandboxJobTitle sandbox_job_titles[] = {
  { "Backend Engineer", "Engineering", 0, 62000, "You build the services that carry every order we ship." },
  { "Customer Support Specialist", "Customer Experience", 1, 31000, "You answer customers by chat and telephone, in two languages or more." },
  { "Data Analyst", "Data", 0, 48000, "You turn what our warehouses measure into decisions people trust." },
  { "Graduate Software Engineer", "Engineering", 2, 38000, "You rotate through three teams in your first eighteen months with us." },
  { "Account Executive", "Sales", 1, 45000, "You win new shops in your region and stay with them as they grow." },
  { "Head of People Analytics", "People", 4, 84000, "You lead a team of four that measures how we work." },
  { "Warehouse Team Leader", "Operations", 3, 34000, "You lead a shift of twenty in our busiest hall." },
  { "Marketing Manager", "Marketing", 1, 52000, "You own our spring and autumn campaigns from idea to result." },
  { "Frontend Engineer", "Engineering", 0, 58000, "You make a shop that works on a five-year-old telephone." },
  { "Internal Communications Partner", "People", 1, 41000, "You write what 900 colleagues read on Monday morning." },
  { "Finance Business Partner", "Finance", 1, 57000, "You help the heads of three departments spend well." },
  { "Machine Learning Engineer", "Data", 0, 71000, "You forecast demand for 40,000 articles, every night." },
  { "Product Designer", "Product", 0, 55000, "You draw, test and draw again, with the people who pick and pack." },
  { "Chief of Staff", "Leadership", 4, 92000, "You keep the company's ten promises of this year in view." },
  { "Payroll Administrator", "Finance", 1, 30000, "You see to it that 900 people are paid correctly and on time." },
  { "Site Reliability Engineer", "Engineering", 0, 68000, "You keep us open on the busiest Friday of the year." },
  { "Store Manager", "Retail", 3, 37000, "You run our shop on the market square with a team of eight." },
  { "Legal Counsel", "Legal", 4, 73000, "You read our contracts before anyone regrets them." },
  { "Talent Acquisition Partner", "People", 1, 43000, "You find the people on the other side of this page." },
  { "Delivery Driver", "Operations", 3, 28000, "You bring forty parcels a day to doors you will come to know." },
  { "Product Manager", "Product", 0, 66000, "You decide with your team what we build next, and what we don't." },
  { "Director of Finance", "Finance", 4, 105000, "You lead finance through our next two countries." },
  { "Sales Development Graduate", "Sales", 2, 29000, "You learn selling from people who like doing it." },
  { "Quality Assurance Engineer", "Engineering", 0, 46000, "You break things before our customers do." },
  { "Executive Assistant", "Leadership", 1, 36000, "You give three directors an hour a day back." },
  { "Procurement Specialist", "Operations", 1, 42000, "You buy packaging for eleven million parcels." },
  { "Security Engineer", "Engineering", 0, 70000, "You think like those who would like our customers' data." },
  { "Content Writer", "Marketing", 1, 35000, "You explain washing machines so that people laugh and buy one." },
  { "Office Manager", "Operations", 1, 33000, "You make the place where we meet worth the journey." },
  { "Junior Data Engineer", "Data", 2, 40000, "You move data from where it is made to where it is needed." },
};
const guint sandbox_n_job_titles = G_N_ELEMENTS (sandbox_job_titles);

const SandboxPlace sandbox_places[] = {
  { "Jersey", "St Helier", "JE", "GBP", "JE1 2PP", "Union Street 14" },
  { "London", "London", "GB", "GBP", "EC1A 1AA", "Little Britain 3" },
  { "Berlin", "Berlin", "DE", "EUR", "10115", "Chausseestraße 80" },
  { "Lisbon", "Lisboa", "PT", "EUR", "1100-148", "Rua da Prata 21" },
  { "Kraków", "Kraków", "PL", "PLN", "31-042", "Rynek Główny 9" },
  { "Nairobi", "Nairobi", "KE", "KES", "00100", "Kimathi Street 5" },
  { "Toronto", "Toronto", "CA", "CAD", "M5V 2T6", "King Street West 210" },
  { "Singapore", "Singapore", "SG", "SGD", "068896", "Robinson Road 77" },
};
const guint sandbox_n_places = G_N_ELEMENTS (sandbox_places);

static const SandboxStageTemplate engineering[] = {
  { "Applied", "applied", 34 }, { "CV Review", "review", 16 }, { "Phone Screen", "interview", 9 },
  { "Technical Interview", "interview", 7 }, { "Final Interview", "interview", 3 }, { "Offer", "offer", 2 },
  { "Hired", "hired", 2 }, { "Rejected", "rejected", 27 },
};
static const SandboxStageTemplate standard[] = {
  { "Applied", "applied", 36 }, { "CV Review", "review", 18 }, { "Phone Screen", "interview", 9 },
  { "Interview", "interview", 7 }, { "Offer", "offer", 2 }, { "Hired", "hired", 2 }, { "Rejected", "rejected", 26 },
};
static const SandboxStageTemplate graduates[] = {
  { "Applied", "applied", 44 }, { "CV Review", "review", 14 }, { "Online Assessment", "review", 12 },
  { "Assessment Centre", "interview", 5 }, { "Offer", "offer", 2 }, { "Hired", "hired", 2 },
  { "Rejected", "rejected", 21 },
};
static const SandboxStageTemplate operations[] = {
  { "Applied", "applied", 40 }, { "Phone Screen", "review", 15 }, { "Trial Shift", "interview", 8 },
  { "Offer", "offer", 3 }, { "Hired", "hired", 5 }, { "Rejected", "rejected", 29 },
};
static const SandboxStageTemplate leadership[] = {
  { "Applied", "applied", 30 }, { "CV Review", "review", 20 }, { "First Interview", "interview", 8 },
  { "Panel Interview", "interview", 4 }, { "References", "interview", 1 }, { "Offer", "offer", 1 },
  { "Hired", "hired", 1 }, { "Rejected", "rejected", 35 },
};

const SandboxWorkflowTemplate sandbox_workflows[] = {
  { "Engineering", engineering, G_N_ELEMENTS (engineering) },
  { "Standard", standard, G_N_ELEMENTS (standard) },
  { "Graduates", graduates, G_N_ELEMENTS (graduates) },
  { "Operations", operations, G_N_ELEMENTS (operations) },
  { "Leadership", leadership, G_N_ELEMENTS (leadership) },
};
const guint sandbox_n_workflows = G_N_ELEMENTS (sandbox_workflows);

const SandboxSource sandbox_sources[] = {
  { "job_board", "Indeed", 24 },
  { "paid_job_board", "LinkedIn Jobs", 20 },
  { "direct", "Careers site", 18 },
  { "employee_referral", "Employee referral", 9 },
  { "organic_search", "Google", 7 },
  { "social", "LinkedIn", 7 },
  { "paid_social", "Instagram", 4 },
  { "recruiter", "Harbour Talent", 4 },
  { "event", "University fair", 3 },
  { "chrome_extension", "LinkedIn profile", 2 },
  { "manual", "Added manually", 2 },
};
const guint sandbox_n_sources = G_N_ELEMENTS (sandbox_sources);

char *
sandbox_name_dup_shown (const char *name)
{
  const char *bar = strchr (name, '|');

  return bar != NULL ? g_strndup (name, (gsize) (bar - name)) : g_strdup (name);
}

char *
sandbox_name_dup_latin (const char *name)
{
  const char *bar = strchr (name, '|');

  return g_ascii_strdown (bar != NULL ? bar + 1 : name, -1);
}
