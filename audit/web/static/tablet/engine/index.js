// The rules of a visit for a tablet without a network: a port of audit/domain that knows neither page nor
// storage. tests/vectors proves that both sides judge alike, to the last sentence.

export { asked, combine, isEmpty, MARKS, othersOf, readAnswer, settle, settling } from "./answers.js";
export { canonical, canonicalText, sha256 } from "./canonical.js";
export { itemAt, itemsOf, keyOf, markPart, valueParts } from "./checklists.js";
export { decide, holds } from "./conditions.js";
export { dueDate, nextVisit } from "./due.js";
export { factWords, readFact } from "./facts.js";
export { byDeadline, findingsOf } from "./findings.js";
export { describe, standingFor } from "./limits.js";
export { manifest, manifestHash } from "./manifest.js";
export { unitWords } from "./measures.js";
export { allRepeats, INTERVAL, nextBy, placardOf, reasonWords, services, standingWords } from "./next.js";
export { suggestion } from "./onfile.js";
export { resultOf, tenths } from "./scoring.js";
export { beside, DONE, firstUnfinished, isPreset, journey, LOOKED_AT, MISSING, NOT_STARTED, peopleFor } from "./steps.js";
export { say, several, speak } from "./tongue.js";
export { wellFormed, Wrong } from "./values.js";
export { derivedFacts, hindrances, judge } from "./visits.js";
