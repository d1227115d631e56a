/// The numbers of a support vector machine over kernel values, as LIBSVM orders them: class by class, and for each pair
/// of classes a border. All are single precision, so that a machine that was stored says the same as the one fitted.
struct MachineNumbers: Sendable {
    /// The classes in LIBSVM's order.
    var labels: [Int]
    /// How many support vectors each class has.
    var counts: [Int]
    /// `[class - 1, vector]`: how much each vector counts against each other class.
    var coefficients: [Float]
    /// `[pair]`: where each border lies. Pairs are (0, 1), (0, 2), …, (1, 2), ….
    var offsets: [Float]
    /// `[pair]`: the slope and shift of the sigmoid that makes a probability of a distance (Platt 2000).
    var slopes: [Float]
    var shifts: [Float]

    /// How many support vectors there are.
    var vectorCount: Int { counts.reduce(0, +) }
    static func pairs(_ classes: Int) -> Int { classes * (classes - 1) / 2 }
}
