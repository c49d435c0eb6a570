// Before the scenarios are loaded: they ask which composition they run against (`COMPOSITION`).
process.env.E2E_COMPOSITION = 'distributed';
