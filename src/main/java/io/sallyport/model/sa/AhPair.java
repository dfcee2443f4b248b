package io.sallyport.model.sa;

/// Of a child SA that is a bundle: the AH SAs round its ESP, one a direction (S4-28: separate SAs
/// for each protocol). Their algorithm stands in the suite.
public record AhPair(SaHalf inbound, SaHalf outbound) {}
