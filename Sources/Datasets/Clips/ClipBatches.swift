internal import Media

/// The batches of one epoch, in order. Each `makeIterator()` goes through them anew.
public struct ClipBatches: Sequence, Sendable {
    let loader: ClipLoader
    let plan: BatchPlan
    let mode: ClipLoader.Mode
    let epoch: Int
    let firstStep: Int

    /// Batches in the whole epoch, with those before the starting step.
    public var stepCount: Int { plan.steps.count }

    /// The clips of each batch from the first one on, failed ones included.
    public var draws: [(step: Int, clips: [ClipDraw])] {
        plan.steps.enumerated().dropFirst(firstStep).map { (step: $0.offset, clips: $0.element) }
    }
    /// Frames of a clip.
    public var frameCount: Int { loader.specification.frames }

    /// Starts decoding.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// Waits for the next batch. Dropping it ends the threads once they have finished the clip in hand.
    public struct Iterator: IteratorProtocol {
        private let batches: ClipBatches
        private let workers: ClipWorkers
        private var step: Int

        init(_ batches: ClipBatches) {
            self.batches = batches
            step = batches.firstStep
            let specification = batches.loader.specification
            let resources = batches.loader.resources
            let largest = (batches.plan.steps.first?.count ?? 1) * specification.byteCount
            let ahead = Swift.min(8, Swift.max(1, resources.queueBudget / Swift.max(1, largest)))
            let (loader, mode) = (batches.loader, batches.mode)
            workers = ClipWorkers(
                queue: ClipQueue(steps: batches.plan.steps, firstStep: batches.firstStep, ahead: ahead),
                threads: resources.threads
            ) { draw in
                // A failure is remembered by the loader; here it is a clip that is not there.
                try? loader.clip(draw.item, mode: mode, view: draw.view, playback: draw.playback)
            }
        }

        /// The next batch that has a clip in it; nil at the end of the epoch.
        public mutating func next() -> ClipBatch? {
            while step < batches.plan.steps.count {
                guard var clips = workers.queue.take(step) else { return nil }
                let batch = assemble(&clips)
                step += 1
                if batch.count > 0 { return batch }
            }
            return nil
        }

        /// Puts the clips one after the other, each freed as it is copied.
        private func assemble(_ clips: inout [[UInt8]?]) -> ClipBatch {
            let specification = batches.loader.specification
            var batch = ClipBatch(
                frames: [], labels: [], clipIndices: [], views: [], frameCount: specification.frames,
                height: specification.height,
                width: specification.width, epoch: batches.epoch, step: step)
            batch.frames.reserveCapacity(clips.count { $0 != nil } * specification.byteCount)
            for (slot, draw) in batches.plan.steps[step].enumerated() {
                guard let bytes = clips[slot] else { continue }
                clips[slot] = nil
                batch.frames += bytes
                batch.labels.append(
                    draw.playback.map { [$0.number] } ?? batches.loader.manifest.items[draw.item].labels)
                batch.clipIndices.append(draw.item)
                batch.views.append(draw.view)
            }
            return batch
        }
    }
}
