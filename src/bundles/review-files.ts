/** The review of a bundle as files: review.yaml, with what people wrote in it, and the page that is made of it. */
import { OperationError } from '../operation/errors.ts'
import { mapOf, mapsOf, type RawMap } from './model/raw.ts'
import { mergeReview, nameOfEntry } from './model/review-merge.ts'
import { renderReviewPage } from './model/review-page.ts'
import { reviewDocument, type ReviewFacts } from './model/review.ts'
import { reviewFile, reviewPage, type StorePlace } from './store/layout.ts'
import { renderYaml, reviseYaml, type Content } from './store/yaml-file.ts'
import { readYamlFile, type YamlFile } from './store/yaml-source.ts'

/** To be committed in this order; `existing` is the review that is there already. */
export function reviewFiles(
  place: StorePlace,
  facts: ReviewFacts & { readonly carryover: readonly RawMap[] },
  existing: YamlFile | undefined,
): Readonly<Record<string, Content>> {
  const generated = reviewDocument(facts)
  const isMap = mapOf(existing?.value) !== undefined
  const review = mergeReview(existing?.value, generated)
  const { bundle, title, tickets, carryover } = facts
  const page = renderReviewPage({ bundle, title, tickets, carryover, review })
  return {
    [reviewPage(place, bundle)]: { text: page, value: page },
    [reviewFile(place, bundle)]:
      existing !== undefined && isMap ? reviseYaml(existing, review, nameOfEntry) : renderYaml(review),
  }
}

/** review.yaml or carryover.yaml; undefined when it is absent. Throws FILE_UNREADABLE. */
export function readReport(path: string): YamlFile | undefined {
  const read = readYamlFile(path)
  if (read?.ok === false)
    throw new OperationError('FILE_UNREADABLE', `${path}: ${read.reason}`, { path, reason: read.reason })
  return read?.value
}

/** What carryover.yaml tells of. */
export const carriedIn = (file: YamlFile | undefined): readonly RawMap[] =>
  mapsOf(mapOf(file?.value)?.carryover)
