internal import CLIBSVM

/// The kernel's values between some vectors, in the form in which LIBSVM takes them ready-made: a row for each vector,
/// whose node 0 holds the row's number from 1 and whose node `j` the value with vector `j`.
@safe final class KernelMatrix {
    /// How many vectors there are.
    let count: Int
    private let nodes: UnsafeMutableBufferPointer<svm_node>
    let rows: UnsafeMutableBufferPointer<UnsafeMutablePointer<svm_node>?>

    /// The most vectors: their matrix takes half a GiB.
    static let limit = 6000

    /// - Throws: `ClassifierError.data` for more vectors than `limit`.
    init(count: Int) throws {
        guard count <= Self.limit else {
            throw ClassifierError(
                .data,
                "a support vector machine is fitted to \(Self.limit) vectors at most, not \(count): its memory grows with "
                    + "their square. Use the classifier logistic or boosted, or fewer views of each clip")
        }
        self.count = count
        unsafe nodes = .allocate(capacity: count * (count + 1))
        unsafe nodes.initialize(repeating: svm_node(index: 0, value: 0))
        unsafe rows = .allocate(capacity: count)
        unsafe rows.initialize(repeating: nil)
        for row in 0..<count {
            let start = row * (count + 1)
            unsafe rows[row] = nodes.baseAddress.map { unsafe $0 + start }
            unsafe nodes[start].value = Double(row + 1)
            for column in 1..<(count + 1) { unsafe nodes[start + column].index = Int32(column) }
        }
    }

    deinit {
        unsafe rows.deallocate()
        unsafe nodes.deallocate()
    }

    /// Sets all values. `value` is asked once for each pair.
    func fill(_ value: (_ row: Int, _ column: Int) -> Double) {
        for row in 0..<count {
            for column in 0...row {
                let number = value(row, column)
                unsafe nodes[row * (count + 1) + column + 1].value = number
                unsafe nodes[column * (count + 1) + row + 1].value = number
            }
        }
    }
}
