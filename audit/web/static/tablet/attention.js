/** What the server would not take: sent again, or taken off the list once a file holds it. */

import { sendNow } from "./sending.js";
import { update } from "./state.js";
import * as store from "./store.js";

/** Send again, as they are. @param {...string} op_ids */
export async function retry(...op_ids) {
  await store.transact(["attention", "ops", "photos"], "readwrite", async (shelf) => {
    for (const op_id of op_ids) {
      const found = await store.done(shelf("attention").get(op_id));
      if (!found) continue;
      shelf("attention").delete(op_id);
      shelf("ops").put(found.op);
      const photo = found.op.photo && (await store.done(shelf("photos").get([found.author, found.op.photo])));
      if (photo?.bytes) {
        const { refused: _refused, ...rest } = photo;
        shelf("photos").put({ ...rest, waiting: 1 });
      }
    }
  });
  await update();
  return sendNow();
}

/** Take it off the list. True only when a rescue file holds it. @param {string} op_id @returns {Promise<boolean>} */
export async function setAside(op_id) {
  const gone = await store.transact(["attention"], "readwrite", async (shelf) => {
    const found = await store.done(shelf("attention").get(op_id));
    if (!found?.exported) return false;
    shelf("attention").delete(op_id);
    return true;
  });
  await update();
  return gone;
}
