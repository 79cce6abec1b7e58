/** The process that runs the functions. The host starts another one as soon as it dies. */
export interface WorkerProcess {
	isDead: boolean;
	readonly death: Promise<void>;
	die(): void;
}

export function startWorkerProcess(): WorkerProcess {
	let die = (): void => {};
	const death = new Promise<void>((died) => {
		die = died;
	});
	const worker = {
		isDead: false,
		death,
		die: () => {
			worker.isDead = true;
			die();
		},
	};
	return worker;
}
