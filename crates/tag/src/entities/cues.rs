//! Words that tell what a name beside them names, or that a capital means nothing.

use super::lexicon::Lists;

/// Each list with its words, parted by white space.
pub(super) const LISTS: &[(Lists, &str)] = &[
    (
        Lists::TITLE,
        "Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Madam Rev Reverend Father Fr Sister Brother Rabbi Imam Sheikh
         Ayatollah Pope Archbishop Bishop Cardinal Pastor President Vice-President Chancellor Premier Minister Secretary Governor
         Senator Sen Rep Representative Congressman Congresswoman Mayor Ambassador Envoy Judge Justice Attorney Prosecutor Sheriff
         Constable Inspector Detective Sergeant Sgt Cpl Corporal Private Pvt Lt Lieutenant Capt Captain Maj Major Col Colonel
         Gen General Brigadier Admiral Commander Commissioner Marshal King Queen Prince Princess Emperor Empress Tsar Lord Lady
         Baron Baroness Count Countess Duke Duchess Earl Chairman Chairwoman Director Chief Coach Councillor Alderman Deputy Speaker Executive Vice
         Herr Frau Doktor Präsident Präsidentin Bundeskanzler Bundeskanzlerin Kanzler Kanzlerin Minister Ministerin
         Administrator Councilman Councilwoman Assemblyman Assemblywoman Lawmaker Senators Representatives Governors Ministers Presidents
         Generals Colonels Judges Justices Professors Mayors Messrs Drs Cllr Ald Mullah Emir Shah Reeve Marquess Viscount Archdeacon Canon Baronet Superintendent Officer Trooper Provost Dean Lecturer
         Bürgermeister Bürgermeisterin Oberbürgermeister Oberbürgermeisterin Richter Richterin Professorin Staatssekretär
         Staatssekretärin Ministerpräsident Ministerpräsidentin Außenminister Finanzminister Innenminister Sprecher Sprecherin
         Direktor Direktorin Landrat Landrätin Vorsitzende Vorsitzender Geschäftsführer Geschäftsführerin
         Monsieur Madame Mademoiselle Mme Mlle MM Maître Président Présidente Ministre Maire Docteur
         Señor Señora Sr Sra Don Doña Presidente Presidenta Ministro Ministra Alcalde Alcaldesa Juez Jueza Doctor Doctora
         Signor Signora Senhor Senhora Saint-Père Secretary-General",
    ),
    (
        Lists::ORGANIZATION_HEAD,
        "Academy Command Community Engineering Industrial Institutes Investment Investments LNG Management Mining Refinery Resources Robotics
         Securities Semiconductor Semiconductors Telecommunications Chemicals Electronics Academy Administration Agency Airlines Airways Alliance Archive Archives Army Assembly Associates Association Authority
         Bancorp Bank Banks Battalion Board Brigade Broadcasting Brotherhood Bureau Cabinet Caucus Center Centre Chamber Chronicle
         Church Clinic Club Coalition Collective College Commission Committee Communications Company Confederation Congress
         Consortium Constabulary Consulate Cooperative Corporation Corps Council Courier Court Daily Department Dept
         Directorate Dispatch Embassy Enterprises Entertainment Examiner Exchange Federation Fellowship Fleet Force Forces Forum Foundation
         Front Fund Gazette Group Guard Guards Guild Herald Holding Holdings Hospital Industries Infirmary Inspectorate
         Institute Institution Insurance Journal Laboratories Laboratory League Ledger Legion Legislature Library Logistics
         Magazine Media Militia Ministry Mission Monitor Motors Movement Museum Navy Network Networks News Newspaper Newspapers
         Observer Office Orchestra Orchestras Order Organisation Organization Parliament Parish Partners Partnership Party Pharmaceuticals
         Police Post Press Productions Publishers Publishing Rail Railroad Railway Railways Records Regiment Register Review School
         Schools Secretariat Seminary Senate Service Services Shipping Society Software Solutions Squadron Studio Studios Surveys
         Symphony Syndicate Synod Systems Taskforce Technologies Technology Telecom Telegraph Television Times Tribunal Tribune
         Trust Union Unions Universities University Ventures Weekly Foods Steel Petroleum Oil Energy Electric Airline Brewery
         Regiments Cavalry Infantry Division Philharmonic Choir Theatre Theater Fishery Fisheries Treasury
         Ministerium Universität Hochschule Verband Verein Stiftung Gesellschaft Behörde Amt Landtag Stadtrat Gemeinderat Partei
         Gewerkschaft Ausschuss Zeitung Anzeiger Stadtwerke Verkehrsbetriebe Sparkasse Genossenschaft
         Université Ministère Banque Conseil Parti Assemblée Hôpital Société Fédération Syndicat Agence Comité Fondation
         Institut Association Mairie Préfecture Cour Commission Chambre
         Sociedad Universidad Ministerio Banco Partido Asamblea Ayuntamiento Consejo Comisión Fundación Asociación Sindicato Instituto
         Empresa Compañía Federación Confederación Agencia Autoridad Cámara Tribunal Audiencia
         Universidade Ministério Câmara Associação Fundação Sindicato Federação Comissão Assembleia Empresa
         Università Ministero Banca Partito Comune Consiglio Associazione Fondazione Sindacato Istituto",
    ),
    (
        Lists::COMPANY_FORM,
        "Inc Incorporated Ltd Limited LLC LLP PLC Plc plc Corp Co GmbH AG KG SE SA S.A SAS SARL S.p.A SpA S.r.l Srl NV N.V BV B.V AB
         ASA Oy Oyj A/S ApS Pty Bhd KK eG e.V eV mbH SCA SL S.L Ltda & Sons Brothers Bros",
    ),
    (
        Lists::PLACE_HEAD,
        "Airport Alley Mews Row Terrace Embankment Promenade Viaduct Tunnel Lighthouse Dock Docks Archipelago Avenue Basin Bay Beach Bluff Borough Boulevard Bridge Canal Canyon Cape Castle Cathedral
         Channel City Coast County Cove Creek Crescent Desert District Dam Estuary Falls Fjord Forest Gardens Glacier Gorge
         Harbor Harbour Heath Heights Highway Hill Hills Inlet Island Islands Isle Isles Junction Lagoon Lake Lakes Lane Marsh Meadow
         Mesa Mountain Mountains Oblast Ocean Palace Park Pass Peninsula Plain Plains Plateau Plaza Point Pond Prefecture
         Province Quay Ranch Rapids Reef Region Reservoir Ridge River Road Rocks Sea Shore Sound Springs Square Stadium Station
         Strait Straits Street Territory Town Township Valley Village Ward Wharf Woods Head
         Straße Strasse Platz Bahnhof Gebirge",
    ),
    (
        Lists::PLACE_START,
        "Port Lake Mount Mt Cape Fort Gulf Isle Isles Strait River Camp Rue Avenue Lac Mont Île Puerto Río Rio Calle Plaza Lago
         Monte Isla Porto Ilha Bad Schloss San Santa Saint St Sankt São Santo Sainte Las Los Villa Bay Bahía Golfe Golfo Cabo",
    ),
    (
        Lists::ADJECTIVE,
        "African American Americans Arab Arabs Arabic Argentine Argentinian Armenian Asian Australian Australians Austrian
         Bangladeshi Basque Bavarian Belarusian Belgian Bolivian Bosnian Brazilian British Briton Britons Buddhist Bulgarian
         Cambodian Canadian Canadians Catalan Catholic Catholics Chechen Chilean Chinese Christian Christians Colombian Communist
         Communists Confederate Croatian Cuban Czech Danish Democrat Democratic Democrats Dutch Egyptian English Estonian Ethiopian European
         Europeans Filipino Finnish Flemish French Georgian German Germans Ghanaian Greek Greeks Haitian Hebrew Hindu Hindus Hispanic
         Hungarian Icelandic Indian Indians Indonesian Iranian Iraqi Irish Islamic Islamist Israeli Israelis Italian Italians Jamaican
         Japanese Jew Jewish Jews Jordanian Kenyan Korean Kurdish Kurds Kuwaiti Latin Latino Latvian Lebanese Liberal Libyan
         Lithuanian Macedonian Malaysian Maltese Maoist Marxist Mexican Mexicans Moldovan Mongolian Moroccan Muslim Muslims Nazi
         Nazis Nepalese Nigerian Nordic Norwegian Orthodox Pakistani Palestinian Palestinians Persian Peruvian Polish Portuguese
         Protestant Protestants Republican Republicans Romanian Russian Russians Saudi Scandinavian Scottish Serb Serbian Serbs Shia Shiite Sikh
         Slovak Slovenian Somali Soviet Spanish Sudanese Sunni Swedish Swiss Syrian Taiwanese Thai Tory Tories Tunisian Turk
         Turkish Turks Ugandan Ukrainian Ukrainians Venezuelan Victorian Vietnamese Welsh Western Yugoslav Zionist Buddhism
         Christianity Hinduism Islam Judaism Catholicism Communism Internet Bible Koran Quran God Christmas Easter Ramadan Web",
    ),
    (
        Lists::CALENDAR,
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
         October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
         Spring Summer Autumn Winter Easter Christmas Today Yesterday Tomorrow
         Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März Mai Juni Juli Oktober Dezember",
    ),
    (
        Lists::COMMON_ACRONYM,
        "AC AD AI AIDS AM ATM BC BCE CD CE CEO CFO CIO COO COVID COVID-19 CPU CT CV DC DJ DNA DVD EDT EST ET FAQ FM GDP
         GMT GNP GPS HD HIV HR HTML HTTP ID II III IIII IP IPO IQ IT IV IX JR KM LED LP MA MBA MD MP MPS MRI MVP NGO NGOS NO OK
         PC PDF PDT PH PM PR PST PT RAM RNA RPM SARS SMS SOS SQL SUV TBD TV UFO URL USB UTC VAT VI VII VIII VIP VP WWI
         WWII XI XII XIII XIV XV XX XXI A.D A.M B.C B.C.E P.M P.S Ph.D PhD M.D B.A M.A U.S.C I.E E.G Q A Q&A FIG VOL AKA HQ
         CSV JSON XML PIN SIM GB MB KB TB USD EUR GBP CHF JPY LGBT LGBTQ ICU CCTV",
    ),
    (
        Lists::ROLE,
        "activist actor actress adviser advisor aide ambassador analyst architect artist assistant astronaut astronomer attorney author
         banker baron billionaire biologist bishop boss businessman businesswoman candidate captain cellist chair chairman
         chairperson chairwoman chancellor chemist chief coach colleague columnist comedian commander commissioner composer conductor
         congressman consultant counsel counsellor councillor critic dancer daughter defender deputy designer detective diplomat
         director doctor driver economist editor engineer envoy executive expert farmer father filmmaker fisherman footballer
         foreman foreperson founder founders general geologist geographer goalkeeper governor guitarist historian husband
         inspector inventor journalist judge king lawmaker lawyer leader lecturer lieutenant magistrate manager mathematician
         mayor midfielder minister mother musician neighbour neighbor novelist nurse officer organiser organizer owner painter
         philosopher photographer physicist pianist pilot player poet politician premier president priest prince princess head preacher trader ally predecessor successor rival tycoon warlord guerrilla producer
         professor programmer prosecutor psychologist queen rapper reporter representative researcher resident scientist secretary
         senator sergeant singer sister skipper soldier solicitor son songwriter speaker specialist spokesman spokesperson spokeswoman striker
         student surgeon teacher technician treasurer trustee veteran vice-president violinist widow wife winner witness writer
         actor's mr mrs ms dr
         ministre président présidente maire directeur directrice députée député avocat avocate juge porte-parole préfet
         alcalde alcaldesa ministro ministra presidente presidenta director directora juez portavoz abogado abogada
         vereador deputado prefeito diretor diretora porta-voz sindaco direttore avvocato",
    ),
    (
        Lists::SPEECH,
        "spoke speaks calls rejects rejected blames blamed met visited flew fears feared promised promises cautions cautioned
         dismissed denied denies accused accuses urged urges vowed vows confirmed confirms suggested suggests complained complains
         acknowledged acknowledges conceded concedes doubts concluded concludes predicts predicted
         said says say told tells asked asks added adds argued argues replied replies explained explains warned warns admitted
         insisted insists claimed believes believed thinks thought recalled recalls wrote writes joked noted notes stated
         testified laughed smiled married died retired resigned born
         sagte sagt erklärte erklärt meinte dit déclaré affirme explique assure précise dijo afirmó explicó aseguró señaló
         declaró disse afirmou explicou ha",
    ),
    (
        Lists::ORGANIZATION_NOUN,
        "agency airline airlines alliance army association authority bank band board broadcaster bureau carrier charity chain church club
         college commission committee company consortium consultancy cooperative council corporation federation firm foundation
         fund group insurer institute league maker manufacturer ministry newspaper operator organisation organization party
         paper publisher regulator retailer school society start-up startup supplier team trust union university utility
         entreprise société banque agence parti syndicat empresa compañía banco partido sindicato",
    ),
    (
        Lists::PLACE_NOUN,
        "area borough bay capital city cities coast community country county district harbor harbour hamlet island islands
         lake mountain municipality nation neighborhood neighbourhood parish peninsula port province region republic resort river
         settlement state strait suburb territory town towns township valley village villages ville capitale île région pays ciudad
         pueblo isla país región capital",
    ),
    (Lists::LOCATIVE, "in near outside around across throughout inside en à dans près bei nach aus em in"),
    (Lists::DIRECTIVE, "from to toward towards through via between at into off leaving visiting visited over desde hasta para vers depuis von"),
    (
        Lists::DIRECTION,
        "North South East West Northern Southern Eastern Western Central Upper Lower Greater New Old Inner Outer Northeast
         Northwest Southeast Southwest Great Little",
    ),
    (
        Lists::PARTICLE,
        "de da do dos das di del della dello degli du des van von der den dem ter ten zu zum zur bin ibn al el la le y e af av",
    ),
    (Lists::ROYAL, "King Queen Prince Princess Duke Duchess Emperor Empress Saint St Earl Lord Lady Count Father Pope"),
    (
        Lists::HEAD_OR_SURNAME,
        "Marsh Lane Hill Hills Park Woods Heath Castle Lake Pond Ward Bridge Banks Church Meadow Meadows Beach Bay Parish Post Court
         Head Rivers Forest Cove Springs",
    ),
    (
        Lists::BEGINS_BODY,
        "Industrial Agricultural Food Health Science Trade Labor Labour Economic Social Scientific National Federal Royal International State Central General Supreme Joint World Security Foreign Public Russian Chinese
         American British French German Swedish Norwegian Danish Finnish Indian European African Asian",
    ),
    (Lists::NAME_SUFFIX, "Jr Sr II III IV Esq"),
    (
        Lists::LABEL,
        "Courtroom Suite Terminal Pier Berth Flight Route Interstate Zone Unit Block Lot Act Annex Appendix Article Chapter Figure Fig Table Section Part Page Note Notes No Nos Vol Volume Issue Warehouse Room Gate
         Platform Line Phase Stage Step Level Class Grade Form Photo Source Image Exhibit Question Answer Photograph Credit
         Chart Map Day Week Year Century Prize Award Treaty Agreement Convention Law Bill Constitution War Battle Olympics Olympic
         Cup Championship Championships Tournament Festival Series Edition Election Elections Protocol Doctrine Revolution",
    ),
];
