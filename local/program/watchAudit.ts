import { setTimeout as delay } from "node:timers/promises";
import { Presets, SingleBar } from "cli-progress";
import type { Audit } from "../../shared/contract.ts";
import type { Api } from "./api.ts";

/** Shows an audit's progress on the terminal until it has ended. */
export async function watchAudit(api: Api, auditId: string): Promise<Audit> {
	const bar = new SingleBar(
		{
			format:
				"Checking clusters [{bar}] {value}/{total} in {duration_formatted}",
			noTTYOutput: true,
			notTTYSchedule: 2000,
			stopOnComplete: false,
		},
		Presets.legacy,
	);
	console.log("Reading the fleet from Resource Graph ...");
	let shown = false;
	try {
		for (;;) {
			const audit = await api.audit(auditId);
			const { clusters, evaluated } = audit.progress;
			if (!shown && clusters > 0) bar.start(clusters, evaluated);
			shown ||= clusters > 0;
			if (shown) bar.update(evaluated);
			if (audit.state !== "running" && audit.state !== "queued") return audit;
			await delay(100);
		}
	} finally {
		if (shown) bar.stop();
	}
}

/** The card is sent after the audit has ended. This waits until it is, for a moment. */
export async function watchAlert(api: Api, auditId: string): Promise<Audit> {
	for (let attempt = 0; ; attempt++) {
		const audit = await api.audit(auditId);
		if (audit.alert.state !== "pending" || attempt === 50) return audit;
		await delay(100);
	}
}
