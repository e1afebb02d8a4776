import * as press from "pulumi-press";

const api = new press.BlockSpec("api", {
    kind: "service",
    metadata: { name: "prices", summary: "Tells the price of an article." },
    config: { serviceType: "api", imageDetails: { id: 12 } },
    parameters: { run: [{ name: "currency", type: "string", required: true }] },
});
const production = new press.BlockDeployment("production", {
    metadata: { name: "prices-production" },
    spec: { id: api.id, release: { version: api.releaseVersion } },
    parameters: { run: { currency: "EUR" } },
});

export const status = production.status;
