/* How the project writes, as far as a program can check it: the words of the glossary, in short sentences. */

/** Words that have another word in the glossary, and verbs that say less than everyday ones. */
export const banned =
	/\b(drawn?|draws|left|headroom|at the time of the audit|full scale|held|holds?|holdings|occupants?|nodes left|node more|because|dossiers?|orphans?|strangers?|weekly word|word of the week|carr(y|ies)|lies?|stands?|gives?|in the place of|neighbours?|colou?rs|behaviour|centre|analyse|cancelled|organis\w+|recognis\w+|utilis\w+|licence)\b/i;

const mostWords = 20;

/** The sentences of these texts that have more than 20 words. */
export function longSentences(texts: readonly string[]): string[] {
	return texts
		.flatMap(sentencesOf)
		.filter((sentence) => wordsIn(sentence) > mostWords);
}

function sentencesOf(text: string): string[] {
	return text.split(/(?<=[.!?]\)?)\s+|;\s+| · /);
}

function wordsIn(sentence: string): number {
	return sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
}
