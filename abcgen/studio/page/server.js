// The studio's server, as the page asks it.

import { texts } from "./texts.js";

async function fetched(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(texts.lost);
  }
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({ error: answer.statusText }));
    throw new Error(error);
  }
  return answer;
}

function sent(asked, signal) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(asked), signal };
}

export const ask = async (path, asked = {}, signal) =>
  (await fetched(`/api/${path}`, sent(asked, signal))).json();
export const get = async (path) => (await fetched(`/api/${path}`)).json();
export const file = async (path, asked, signal) =>
  (await fetched(`/api/${path}`, asked && sent(asked, signal))).blob();
