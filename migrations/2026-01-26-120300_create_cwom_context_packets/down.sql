DROP TABLE cwom.context_packets;
