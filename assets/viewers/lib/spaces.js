// @ts-check
// Inside the page of Hugging Face, which knows who asks: a Space with a lent card (ZeroGPU) counts its time for them.

/** Where such a Space's page stands in; null elsewhere. */
function outerPage() {
  const { hostname } = location;
  if (window.parent === window || !(/** @type {any} */ (window).supports_zerogpu_headers)) return null;
  if (hostname.includes(".dev.")) return `https://moon-${hostname.split(".")[1]}.dev.spaces.huggingface.tech`;
  return hostname.endsWith(".hf.space") ? "https://huggingface.co" : null;
}

/**
 * The headers that say who asks, as gradio's own client sends them; none anywhere else.
 * @returns {Promise<Record<string, string>>}
 */
export async function zeroGpuHeaders() {
  const origin = typeof window === "undefined" ? null : outerPage();
  if (!origin) return {};
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => {
      channel.port1.close();
      resolve(data ?? {});
    };
    window.parent.postMessage("zerogpu-headers", origin, [channel.port2]);
  });
}
