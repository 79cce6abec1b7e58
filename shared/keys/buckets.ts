import { hash } from "./hash.ts";

/**
 * Number of buckets of clusters, by a hash of their IDs. A bucket is what is stored in one entity, and what one
 * activity of an audit judges. At 10,000 clusters it has about 80, and takes a millisecond to unpack.
 */
const clusterBuckets = 128;

/** The bucket of a cluster: "000" to "127". */
export function bucketOf(cluster: string): string {
	return bucketAmong(cluster, clusterBuckets);
}

/** The bucket of an ID among `buckets` of them, as a number of three digits. */
export function bucketAmong(id: string, buckets: number): string {
	const number = Number.parseInt(hash(id).slice(0, 8), 16) % buckets;
	return String(number).padStart(3, "0");
}
