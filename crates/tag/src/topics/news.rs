//! The built-in topics: general news, in English.

/// Each topic with its terms, parted by commas. Terms are words that hardly occur outside their topic; they are matched by their
/// stems.
pub(super) const TOPICS: &[(&str, &str)] = &[
    (
        "agriculture",
        "agriculture, agricultural, crop, farmer, farming, farmland, fertilizer, grain, harvest, irrigation, livestock, orchard,
         pesticide, wheat, barley, maize, dairy farm, cattle, seedling, tractor, vineyard, food prices, arable, grazing",
    ),
    (
        "arts and culture",
        "actor, actress, album, art gallery, artist, ballet, band, choir, cinema, composer, concert, exhibition, film director, film
         festival, museum, musician, novel, novelist, opera, orchestra, painter, painting, playwright, poet, poetry, sculptor, sculpture,
         singer, soundtrack, theatre, theater, box office",
    ),
    (
        "business",
        "acquisition, annual report, bankruptcy, chief executive, shareholder, merger, profit, quarterly results, retailer, revenue,
         start-up, subsidiary, takeover, turnover, board of directors, company, creditor, insolvency, supply chain, joint venture,
         entrepreneur, manufacturer, supplier, warehouse, earnings",
    ),
    (
        "crime and justice",
        "accused, acquitted, arrest, arrested, burglary, convicted, conviction, court, crime, criminal, custody, defendant, detective,
         fraud, guilty, homicide, indictment, judge, jury, lawsuit, murder, plaintiff, police, prison, prosecution, prosecutor,
         robbery, sentenced, sentencing, suspect, theft, trial, verdict, witness, smuggling, defense counsel",
    ),
    (
        "defense and conflict",
        "airstrike, army, artillery, battalion, battlefield, bombing, ceasefire, drone strike, frigate, hostage, insurgent, invasion,
         militant, military, militia, missile, navy, peacekeeper, rebel, sniper, soldier, tank, terrorism, terrorist, troops, truce,
         warhead, warplane, weapons",
    ),
    (
        "diplomacy",
        "ambassador, bilateral, consulate, diplomacy, diplomat, diplomatic, embassy, envoy, foreign minister, foreign ministry,
         foreign policy, peace talks, sanctions, summit, treaty, accord, negotiator",
    ),
    (
        "economy",
        "bond, budget deficit, central bank, currency, economic growth, economist, economy, exchange rate, exports, fiscal, gross
         domestic product, imports, inflation, interest rate, investor, monetary policy, recession, stock exchange, stock market,
         tariff, tax, taxation, trade deficit, unemployment, loan, pension fund, subsidy, bank",
    ),
    (
        "education",
        "campus, classroom, curriculum, exam, graduate, homework, kindergarten, lecturer, literacy, primary school, pupil, scholarship,
         school, schoolchildren, secondary school, student, syllabus, teacher, teaching, textbook, tuition, undergraduate, university",
    ),
    (
        "energy",
        "barrel of oil, biofuel, coal, coal mine, crude oil, electricity, energy, fossil fuel, gas field, gas pipeline, hydroelectric,
         kilowatt, megawatt, natural gas, nuclear plant, nuclear power, oil field, oil price, petroleum, power grid, power plant,
         power station, refinery, renewable, renewables, solar panel, solar power, substation, turbine, wind farm",
    ),
    (
        "environment",
        "air pollution, biodiversity, carbon dioxide, carbon emissions, climate, climate change, conservation, conservationist,
         contamination, coral, deforestation, drought, ecological, ecologist, ecology, ecosystem, emissions, endangered,
         environmental, environmentalist, erosion, global warming, greenhouse gas, habitat, larvae, pollutant, pollution, recycling, reef,
         sewage, species, wetland, wildlife, spawning",
    ),
    (
        "fisheries",
        "aquaculture, catch quota, cod, fish, fisher, fisheries, fisherman, fishery, fishing, fishing boat, fishing quota, herring, mackerel,
         salmon, shellfish, spawning, trawler, trawling, tuna",
    ),
    (
        "health",
        "cancer, clinic, clinical trial, diabetes, diagnosis, disease, doctor, drug, epidemic, hospital, illness, infection, influenza,
         medical, medicine, mental health, nurse, obesity, outbreak, pandemic, patient, pharmacy, physician, public health, surgeon, surgery,
         symptom, therapy, treatment, vaccination, vaccine, virus",
    ),
    (
        "labor",
        "apprentice, collective bargaining, employee, employer, industrial action, job losses, labor market, labour market, layoff,
         minimum wage, overtime, pay rise, picket, redundancies, strike, trade union, union, wage, worker, workforce, working hours",
    ),
    (
        "politics",
        "ballot, by-election, cabinet, campaign, candidate, coalition, congress, constituency, deputy, election, electoral, electorate,
         government, governor, lawmaker, legislation, legislature, mayor, minister, ministry, opposition, parliament, parliamentary,
         party leader, politician, polling station, president, presidential, prime minister, referendum, senate, senator, vote, voter,
         council, councillor",
    ),
    (
        "religion",
        "archbishop, bible, bishop, cathedral, catholic, christian, church, clergy, congregation, faith, imam, islam, islamic, jewish,
         monastery, mosque, muslim, parish, pastor, pilgrim, pilgrimage, pope, prayer, priest, rabbi, religious, sermon, synagogue, theology,
         vatican, worship",
    ),
    (
        "science",
        "astronaut, astronomer, asteroid, atom, biologist, chemist, chemistry, experiment, fossil, galaxy, gene, genetic, genome, geologist,
         laboratory, microscope, molecule, neuroscience, orbit, particle, physicist, physics, planet, protein, quantum, research, researcher,
         satellite, scientific, scientist, spacecraft, species, telescope",
    ),
    (
        "sport",
        "athlete, athletics, basketball, bronze medal, championship, coach, cricket, cup final, defender, football, footballer, goalkeeper,
         gold medal, golf, grand prix, half-time, hockey, league, marathon, midfielder, olympic, penalty, playoff, quarterback, referee, rugby,
         scored, semifinal, silver medal, soccer, sprinter, stadium, striker, swimmer, teammate, tennis, tournament, world cup",
    ),
    (
        "technology",
        "algorithm, app, artificial intelligence, broadband, browser, chipmaker, cloud computing, computer, cyberattack, cybersecurity,
         data center, developer, encryption, hacker, hardware, internet, laptop, machine learning, microchip, online, open source, operating
         system, password, processor, programmer, robot, robotics, semiconductor, smartphone, software, startup, web site, website, wireless",
    ),
    (
        "transport",
        "airline, airport, bus, canal, cargo, carriage, commuter, container, container ship, dredging, dredger, ferry, freight, freight train,
         harbor, harbour, highway, locomotive, lorry, motorway, night train, passenger, port, quay, rail, railway, road traffic,
         runway, shipping, shipping line, sleeping car, station, timetable, train, tram, truck, vessel",
    ),
    (
        "weather and disasters",
        "aftershock, avalanche, blizzard, cyclone, earthquake, evacuation, firefighter, flood, flooding, hail, heatwave, hurricane, landslide,
         meteorologist, rainfall, rescue workers, richter scale, snowfall, storm, thunderstorm, tornado, tsunami, typhoon, volcanic,
         volcano, weather forecast, wildfire",
    ),
];
