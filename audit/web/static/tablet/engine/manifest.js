// What both sides must agree on before a visit is sealed (audit/domain/manifest.py).

import { inOrder, sha256 } from "./canonical.js";

/**
 * @param {{inspection: string, checklist_sha: string,
 *   answers: {item: string, person?: string | null, rev: number}[],
 *   photos: {item: string, person?: string | null, sha256: string}[],
 *   signatures: {role: string, state: string, name: string}[]}} visit
 * @returns {Record<string, any>} the document whose fingerprint is compared
 */
export function manifest({ inspection, checklist_sha, answers, photos, signatures }) {
  return {
    inspection,
    checklist_sha,
    answers: answers.map(({ item, person, rev }) => [item, person ?? "", rev]).sort(inOrder),
    photos: photos.map(({ item, person, sha256: sha }) => [item, person ?? "", sha]).sort(inOrder),
    signatures: signatures.map(({ role, state, name }) => [role, state, name]).sort(inOrder),
  };
}

/** @param {Parameters<typeof manifest>[0]} visit @returns {Promise<string>} the manifest's SHA-256 */
export const manifestHash = (visit) => sha256(manifest(visit));
