import * as press from "pulumi-press";

const orders = new press.BlockSpec("orders", {
    kind: "workflow",
    metadata: { name: "daily-orders", summary: "Adds up the orders of the day." },
    config: { steps: { sum: { imageDetails: { id: 7 }, command: "python sum.py" } } },
    parameters: { run: [{ name: "shops", type: "string_array", required: true }] },
});

export const release = orders.releaseVersion;
