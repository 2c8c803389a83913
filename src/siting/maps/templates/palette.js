// Colours: told apart with any colour vision, and never the only sign of a meaning.

const INK = { text: '#14252e', soft: '#5a6a72', paper: '#ffffff', accent: '#0b5a6f', mark: '#12303f', trunk: '#8cc0cc' };

const GROUND = {
  land: '#fbf9f4', forest: '#e1ead6', wetland: '#e3ece8', rock: '#e9e4dc', built_up: '#ebe4da', water: '#b4d3e6',
  shore: '#8fb9d3', border: '#b9ae9d', outline: '#9c8f7b', halo: '#d6cebf', protected: '#5f9160', zone: '#a58bb0', label: '#3c4a50',
  water_label: '#3d7396', district_label: '#8a7d69', rail: '#5d5d63',
};

const ROADS = {
  federal: { casing: '#b57f2e', fill: '#f4c46a', width: 2.6 },
  regional: { casing: '#c3aa7c', fill: '#fbe6ad', width: 1.8 },
  local: { casing: '#cfc6b6', fill: '#ffffff', width: 1.2 },
  street: { casing: '#dcd4c6', fill: '#ffffff', width: 1 },
};

const UTILITY = {
  electricity: '#d14a00', gas: '#b58900', water: '#0072b2', sewage: '#7b5a3c', heat: '#c2336f', road: '#55585c',
  rail: '#1f1f24', telecom: '#00806a', onsite: '#7f8c94', opening: '#a9b4ba',
};

// Names of networks on the map: dark enough to be read on the land.
const UTILITY_INK = { ...UTILITY, electricity: '#a83b00', gas: '#765a00', sewage: '#65492f', telecom: '#00644f' };

// Purple grows with the saving; orange is a loss (the PuOr pair is safe for every kind of vision).
const LOSS = '#eda44e';
const SAVING = ['#d8c9ec', '#b595d8', '#8a5cbd', '#5c2a94', '#2d0a55'];
const NOT_FIT = '#aab2b6';
const UNKNOWN = '#d5d9db';

const RESULT = { pass: '#1b7f5c', warn: '#9a6700', fail: '#b42318', unknown: '#5a6a72' };

// Upper limits of the classes of saving: round numbers near even shares of the eligible sites.
function savingBreaks() {
  const { is_eligible: fit, saving_mrub: saving } = T.sites;
  // numbers in an array of numbers are sorted without a comparison of ours
  const values = saving.filter((value, i) => fit[i] && value > 0).sort();
  const quantiles = [0.3, 0.55, 0.75, 0.9].map((q) => values[Math.floor(q * (values.length - 1))] || 0);
  const round = (value) => {
    const step = value > 0 ? 10 ** Math.floor(Math.log10(value)) / 2 : 1;
    return Math.max(step, Math.round(value / step) * step);
  };
  return [...new Set(quantiles.map(round))].sort((a, b) => a - b);
}

const BREAKS = savingBreaks();

const rampOf = (place) => SAVING[Math.round((place * (SAVING.length - 1)) / Math.max(1, BREAKS.length))];

function savingColour(mrub) {
  if (!known(mrub)) return UNKNOWN;
  if (mrub < 0) return LOSS;
  const place = BREAKS.findIndex((limit) => mrub < limit);
  return rampOf(place < 0 ? BREAKS.length : place);
}

// Under the sliders of the page "what if" the map shows what they make of each site.
const siteColour = (row) => (T.sites.is_eligible[row] ? savingColour(savingOf(row)) : NOT_FIT);
