import * as press from "pulumi-press";

const api = new press.BlockSpec("api", {
    kind: "service",
    metadata: { name: "prices", summary: "Tells the price of an article." },
    config: { serviceType: "api", imageDetails: { id: 12 } },
});
const next = new press.BlockSpecRelease("next", {
    specId: api.id,
    release: { version: "1.1.0", notes: "Runs on the new image" },
    config: { serviceType: "api", imageDetails: { id: 13 } },
});

export const version = next.version;
