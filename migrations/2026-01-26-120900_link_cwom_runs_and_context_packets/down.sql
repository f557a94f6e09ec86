DROP TABLE cwom.context_packet_doctrine_refs;
DROP TABLE cwom.run_doctrine_refs;
DROP TABLE cwom.run_context_packets;
