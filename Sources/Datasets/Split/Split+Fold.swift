extension Split {
    /// The split of one round of a cross-validation: the fold's clips are the test, and of the others some are set aside to
    /// watch the training by. A `split` column says nothing here.
    ///
    /// - Parameters:
    ///   - fold: positions in the items of `manifest`.
    ///   - validation: share of the other clips for validation, 0..<1; whole groups only.
    ///   - seed: of the draw.
    /// - Throws: `DatasetError.unsplittable` if the other clips cannot be split so; `.badRequest` if the share makes no
    ///   sense.
    public init(
        of fold: Fold, in manifest: Manifest, validation: Double = 0.2, seed: UInt64
    ) throws(DatasetError) {
        var others = manifest
        others.items = fold.training.map { position in
            var item = manifest.items[position]
            item.part = nil
            return item
        }
        let split = try Split(of: others, validation: validation, seed: seed)
        self.init(
            training: split.training.map { fold.training[$0] }, validation: split.validation.map { fold.training[$0] },
            test: fold.heldOut)
    }
}
