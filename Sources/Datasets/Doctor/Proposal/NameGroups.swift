/// Groups that the paths of clips tell.
package struct NameGroups {
    /// Folders within the folder of a class, or within the split's: nil where they tell nothing.
    let folders: [String?]?
    /// File names less their last number: nil where they tell nothing.
    let stems: [String?]?

    init(_ manifest: Manifest) {
        let labels = manifest.items.map { $0.labels.first.map { manifest.classes[$0] } ?? "" }
        let parts = manifest.items.map { $0.path.split(separator: "/").map(String.init) }
        let folders = zip(parts, labels).map { path, label -> String? in
            // Below the folder that is named as the class.
            guard let place = path.dropLast().lastIndex(of: label), place + 2 < path.count else { return nil }
            return path[(place + 1)..<(path.count - 1)].joined(separator: "/")
        }
        let stems = parts.map { path in path.last.flatMap(Self.stem) }
        self.folders = Self.tells(folders, labels) ? folders : nil
        self.stems = Self.tells(stems, labels) ? stems : nil
    }

    /// `v_Archery_g08` of `v_Archery_g08_c01.avi`, `scene12` of `scene12-003.mp4`; nil of `clip.mp4`, `003.mp4` and
    /// `fight003.mp4`.
    package static func stem(_ name: String) -> String? {
        let base = name.lastIndex(of: ".").map { $0 == name.startIndex ? name[...] : name[..<$0] } ?? name[...]
        guard let cut = base.lastIndex(where: { "_-. ".contains($0) }), cut != base.startIndex else { return nil }
        let tail = base[base.index(after: cut)...]
        // A number, perhaps with a letter or a word before it: 003, c01, take2.
        let digits = tail.reversed().prefix { $0.isASCII && $0.isNumber }.count
        guard digits > 0, tail.dropLast(digits).allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        let stem = String(base[..<cut])
        return stem.isEmpty ? nil : stem
    }

    /// Whether groups say more than the classes do: most clips have one, most groups have more than one clip, and the
    /// clips of most classes are in several.
    private static func tells(_ groups: [String?], _ labels: [String]) -> Bool {
        let named = zip(groups, labels).compactMap { group, label in group.map { (group: $0, label: label) } }
        guard named.count * 10 >= groups.count * 9 else { return false }
        let sizes = Dictionary(named.map { ($0.group, 1) }, uniquingKeysWith: +)
        let shared = sizes.values.filter { $0 > 1 }.reduce(0, +)
        guard sizes.count > 1, shared * 2 >= named.count else { return false }
        let byClass = Dictionary(grouping: named) { $0.label }.mapValues { Set($0.map(\.group)).count }
        return byClass.values.count { $0 > 1 } * 2 > byClass.count
    }
}
